'use client';
import { partnerOf, type ChatState } from '@parley/chat-client';
import { ArrowLeft, Images } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useClientState } from '../chats/chat-client-provider.tsx';
import { chatPath } from '../chats/navigate.ts';
import { RouteLink } from '../chats/route-link.tsx';
import { usePartner } from '../chats/use-partner.ts';
import { errorText } from '../session/error-text.ts';
import { GridSkeleton, MediaGrid } from './media-grid.tsx';
import { NO_PICTURES } from './picture-run.ts';
import { usePictures } from './use-pictures.ts';

const PAGE = 60;
/** So far before its end the next page is asked for. */
const AHEAD = '800px';

/** All pictures of a chat, over its conversation. */
export function MediaPage({ chatId }: { chatId: string }) {
  const chat = useClientState((state) => state.chats[chatId]);
  return chat === undefined ? null : <Page key={chat.id} chat={chat} />;
}

function Page({ chat }: { chat: ChatState }) {
  const now = useNow();
  const me = useClientState((state) => state.me);
  const partner = usePartner(partnerOf(chat, me));
  const { messages, older, error, loadOlder } = usePictures(chat.id, () => NO_PICTURES, PAGE);
  const isEmpty = messages.length === 0;
  return (
    <main aria-label="Media" className="bg-canvas absolute inset-0 z-20 flex flex-col">
      <header className="safe-top border-line bg-panel border-b">
        <div className="flex h-16 items-center gap-1 px-3 md:px-5">
          <RouteLink
            href={chatPath(chat.id)}
            aria-label="Back to the conversation"
            className="text-muted hover:bg-raised hover:text-ink -ml-1 inline-flex size-11 shrink-0 items-center justify-center rounded-xl"
          >
            <ArrowLeft size={22} aria-hidden />
          </RouteLink>
          <div className="min-w-0">
            <h1 className="truncate leading-tight font-semibold">Media</h1>
            <p className="text-muted truncate text-sm leading-tight">with {partner.name}</p>
          </div>
        </div>
      </header>
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto overscroll-contain">
        {isEmpty && older === 'end' ? (
          <EmptyState icon={<Images size={28} aria-hidden />} title="No photos yet">
            <p>Photos that you and {partner.name} send each other appear here.</p>
          </EmptyState>
        ) : (
          <div className="mx-auto w-full max-w-5xl px-3 pt-1 pb-6 sm:px-5">
            <MediaGrid messages={messages.toReversed()} now={now} />
            {older === 'failed' ? (
              <div className="mx-auto flex max-w-sm flex-col gap-3 py-4">
                <Notice>{errorText(error)}</Notice>
                <Button look="quiet" onClick={loadOlder}>
                  Try again
                </Button>
              </div>
            ) : (
              older !== 'end' && <NextPage key={messages.length} isFirst={isEmpty} onReached={loadOlder} />
            )}
          </div>
        )}
      </div>
    </main>
  );
}

/** The end of what is there: the next page is asked for when it comes near. */
function NextPage({ isFirst, onReached }: { isFirst: boolean; onReached(): void }) {
  const end = useRef<HTMLDivElement>(null);
  const reached = useRef(onReached);
  reached.current = onReached;
  useEffect(() => {
    const { current } = end;
    if (current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) reached.current();
      },
      { root: current.closest('.overflow-y-auto'), rootMargin: AHEAD },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={end} className={isFirst ? 'pt-10' : 'pt-1'}>
      <GridSkeleton count={isFirst ? 18 : 6} />
    </div>
  );
}
