'use client';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { clsx } from 'clsx';
import { ConversationCovered } from '../conversation/covered.ts';
import { Conversation } from '../conversation/conversation.tsx';
import { MediaPage } from '../media/media-page.tsx';
import { PictureViewerHost } from '../pictures/show/picture-viewer-host.tsx';
import { Opening } from '../session/opening.tsx';
import { useSessionState } from '../session/session-provider.tsx';
import { Settings } from '../settings/settings.tsx';
import { ChatClientProvider } from './chat-client-provider.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { useView, type View } from './navigate.ts';
import { NothingOpen } from './nothing-open.tsx';
import { Sidebar } from './sidebar.tsx';

/** The signed-in app: two panes, or one at a time where there is no room for two. */
export function AppShell() {
  const state = useSessionState();
  const router = useRouter();
  const signedOut = state.status === 'signed-out';
  useEffect(() => {
    if (signedOut) router.replace('/login');
  }, [signedOut, router]);

  if (state.status !== 'signed-in') return <Opening unreachable={state.status === 'restoring' && state.unreachable} />;
  return (
    <ChatClientProvider key={state.user.id} me={state.user.id}>
      <Panes />
    </ChatClientProvider>
  );
}

function Panes() {
  const view = useView();
  const isList = view.name === 'chats';
  return (
    <div className="flex h-dvh overflow-hidden">
      <div
        className={clsx(
          'border-line bg-panel w-full flex-col md:flex md:w-88 md:shrink-0 md:border-r lg:w-96',
          isList ? 'flex' : 'hidden',
        )}
      >
        <ConnectionBanner />
        <Sidebar />
      </div>
      <div className={clsx('min-w-0 flex-1 flex-col md:flex', isList ? 'hidden' : 'flex')}>
        <div className="md:hidden">
          <ConnectionBanner />
        </div>
        <Content view={view} />
      </div>
      <PictureViewerHost />
    </div>
  );
}

function Content({ view }: { view: View }) {
  if ('chatId' in view) {
    const isMedia = view.name === 'media';
    return (
      <div className="relative flex min-h-0 flex-1 flex-col">
        <ConversationCovered value={isMedia}>
          <Conversation key={view.chatId} chatId={view.chatId} />
        </ConversationCovered>
        {isMedia && <MediaPage chatId={view.chatId} />}
      </div>
    );
  }
  return view.name === 'settings' ? <Settings /> : <NothingOpen />;
}
