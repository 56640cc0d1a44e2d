'use client';
import type { ChatState } from '@parley/chat-client';
import { useEffect } from 'react';
import { useNow } from '../../ui/use-now.ts';
import { mediaPath } from '../chats/navigate.ts';
import { RouteLink } from '../chats/route-link.tsx';
import { errorText } from '../session/error-text.ts';
import { walkGrid } from './grid-keys.ts';
import { MediaThumb } from './media-thumb.tsx';
import { NO_PICTURES } from './picture-run.ts';
import { usePictures } from './use-pictures.ts';

const ROW = 4;

/** In the details of a chat: its newest pictures, and the way to all of them. */
export function MediaSection({ chat, onLeave }: { chat: ChatState; onLeave(): void }) {
  const now = useNow();
  const { messages, older, error, loadOlder } = usePictures(chat.id, () => NO_PICTURES, ROW);
  useEffect(loadOlder, []);
  const newest = messages.toReversed().slice(0, ROW);
  const isLoading = newest.length === 0 && (older === 'loading' || older === 'more');
  return (
    <section aria-labelledby="media" className="border-line border-t px-5 py-5">
      <div className="mb-2 flex min-h-6 items-center justify-between">
        <h3 id="media" className="text-muted text-xs font-semibold tracking-wide uppercase">
          Media
        </h3>
        {newest.length > 0 && (
          <RouteLink
            href={mediaPath(chat.id)}
            onClick={onLeave}
            className="text-accent -my-2 -mr-2 inline-flex min-h-11 items-center px-2 text-sm font-semibold hover:underline"
          >
            See all
          </RouteLink>
        )}
      </div>
      {older === 'failed' && newest.length === 0 && (
        <p role="alert" className="text-danger text-sm">
          {errorText(error)}
        </p>
      )}
      {older === 'end' && newest.length === 0 && <p className="text-muted text-sm">No photos yet.</p>}
      <ul onKeyDown={walkGrid} aria-busy={isLoading} className="grid grid-cols-4 gap-1.5">
        {isLoading &&
          Array.from({ length: ROW }, (_, index) => (
            <li key={index} className="bg-raised aspect-square animate-pulse rounded-lg" />
          ))}
        {newest.map((message) => (
          <li key={message.id}>
            <MediaThumb message={message} now={now} tabbable />
          </li>
        ))}
      </ul>
    </section>
  );
}
