'use client';
import { isTransient, partnerOf, type ChatState } from '@parley/chat-client';
import { clsx } from 'clsx';
import { useContext, useEffect, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { BubbleSkeletons } from '../../ui/skeletons.tsx';
import { useChatClient, useClientState } from '../chats/chat-client-provider.tsx';
import { usePartner } from '../chats/use-partner.ts';
import { ChatDetails } from '../details/chat-details.tsx';
import { LedgerWarning } from '../details/ledger-warning.tsx';
import { DropOverlay } from '../pictures/send/drop-overlay.tsx';
import { usePictureDrop } from '../pictures/send/use-picture-drop.ts';
import { ChatNotFound } from './chat-not-found.tsx';
import { Composer } from './composer.tsx';
import { ConversationActionsContext } from './conversation-actions.tsx';
import { ConversationHeader, HeaderSkeleton } from './conversation-header.tsx';
import { ConversationSearch } from './conversation-search.tsx';
import { ConversationCovered } from './covered.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { lastOwnMessage } from './last-own-message.ts';
import { MessageList } from './message-list.tsx';
import { MessageMenu } from './message-menu.tsx';
import { TypingStrip } from './typing-strip.tsx';
import { useComposer } from './use-composer.ts';
import { useActions } from './use-conversation-actions.ts';

/** The conversation at an address, which may be none of ours. */
export function Conversation({ chatId }: { chatId: string }) {
  const chat = useClientState((state) => state.chats[chatId]);
  const list = useClientState((state) => state.list);
  if (chat !== undefined) return <OpenConversation chat={chat} />;
  if (list === 'ready') return <ChatNotFound />;
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <HeaderSkeleton />
      <BubbleSkeletons />
    </main>
  );
}

function OpenConversation({ chat }: { chat: ChatState }) {
  const client = useChatClient();
  const me = useClientState((state) => state.me);
  const partner = usePartner(partnerOf(chat, me));
  const composing = useComposer(chat.id);
  const drop = usePictureDrop(composing.choose);
  const { actions, menu, deleting, note, closeMenu, closeDeleting } = useActions(chat, composing);
  const isCovered = useContext(ConversationCovered);
  const [isSearching, setSearching] = useState(false);
  const [isDetailed, setDetailed] = useState(false);
  const editLast = () => {
    const last = lastOwnMessage(chat, me, client.store.getState().changes);
    if (last !== undefined) composing.edit(last);
  };
  return (
    <ConversationActionsContext value={actions}>
      <main
        className="relative flex min-h-0 flex-1 flex-col"
        aria-label="Conversation"
        inert={isCovered}
        {...drop.handlers}
      >
        <ConversationHeader
          chat={chat}
          isSearching={isSearching}
          onSearch={() => setSearching((open) => !open)}
          onDetails={() => setDetailed(true)}
        />
        <LedgerWarning chat={chat} onDetails={() => setDetailed(true)} />
        {isSearching && <ConversationSearch chat={chat} author={partner.name} onClose={() => setSearching(false)} />}
        <div className="flex min-h-0 flex-1 flex-col">
          <History chat={chat} />
        </div>
        <TypingStrip chat={chat} />
        <Composer key={chat.id} chatId={chat.id} composing={composing} author={partner.name} onEditLast={editLast} />
        <p role="status" className="pointer-events-none absolute inset-x-0 bottom-24 flex justify-center px-4">
          {note !== null && (
            <span
              className={clsx(
                'rise rounded-full px-4 py-2 text-sm font-medium shadow-lg',
                note.isProblem ? 'bg-danger-soft text-danger' : 'bg-ink text-canvas',
              )}
            >
              {note.text}
            </span>
          )}
        </p>
        {drop.isOver && <DropOverlay name={partner.name} />}
        {menu !== null && <MessageMenu {...menu} onClose={closeMenu} />}
        {deleting !== null && <DeleteDialog message={deleting} onClose={closeDeleting} />}
        {isDetailed && <ChatDetails chat={chat} onClose={() => setDetailed(false)} />}
      </main>
    </ConversationActionsContext>
  );
}

function History({ chat }: { chat: ChatState }) {
  const { problem, retry } = useHistory(chat);
  if (chat.timeline.loaded) return <MessageList chat={chat} />;
  if (!problem) return <BubbleSkeletons />;
  return (
    <div className="m-auto flex max-w-sm flex-col gap-3 p-6">
      <Notice>The messages couldn’t be loaded. We keep trying.</Notice>
      <Button look="quiet" onClick={retry}>
        Try now
      </Button>
    </div>
  );
}

const RETRY_MS = 4_000;

/** Loads the newest page, again and again until it is there. */
function useHistory(chat: ChatState): { problem: boolean; retry(): void } {
  const client = useChatClient();
  const [attempt, setAttempt] = useState(0);
  const [problem, setProblem] = useState(false);
  const { id, timeline } = chat;
  const { loaded } = timeline;
  useEffect(() => {
    if (loaded) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    client.load(id).catch((error: unknown) => {
      setProblem(true);
      if (isTransient(error)) timer = setTimeout(() => setAttempt((n) => n + 1), RETRY_MS);
    });
    return () => clearTimeout(timer);
  }, [client, id, loaded, attempt]);
  return { problem, retry: () => setAttempt((n) => n + 1) };
}
