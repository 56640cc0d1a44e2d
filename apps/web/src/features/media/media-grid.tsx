'use client';
import type { Message } from '@parley/contracts';
import { useCallback, useState } from 'react';
import { toMonths } from './months.ts';
import { walkGrid } from './grid-keys.ts';
import { MediaThumb } from './media-thumb.tsx';

export const GRID = 'grid grid-cols-3 gap-1 sm:grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] sm:gap-1.5';

/** Its size doesn't follow from what is in it, so the browser can leave out whatever is not in view: there may be thousands. */
const CELL = 'aspect-square [content-visibility:auto]';

/** Pictures by month, newest first. Tab leads to one of them, arrow keys to the others. */
export function MediaGrid({ messages, now }: { messages: readonly Message[]; now: number }) {
  const [focused, setFocused] = useState<string | null>(null);
  // The same for every square, so that those that stay as they are need not be drawn again.
  const onFocus = useCallback(({ id }: Message) => setFocused(id), []);
  const entry = messages.some(({ id }) => id === focused) ? focused : messages[0]?.id;
  return (
    <div onKeyDown={walkGrid}>
      {toMonths(messages, now).map(({ key, title, messages: ofMonth }) => (
        <section key={key} aria-labelledby={`month-${key}`} className="pb-5">
          <h2
            id={`month-${key}`}
            className="bg-canvas/90 sticky top-0 z-10 py-2 text-sm font-semibold backdrop-blur-sm"
          >
            {title}
          </h2>
          <ul className={GRID}>
            {ofMonth.map((message) => (
              <li key={message.id} className={CELL}>
                <MediaThumb message={message} now={now} tabbable={message.id === entry} onFocus={onFocus} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** A grid that is on its way. */
export function GridSkeleton({ count = 12 }: { count?: number }) {
  return (
    <div aria-busy="true">
      <span className="sr-only">Loading photos…</span>
      <div aria-hidden className={GRID}>
        {Array.from({ length: count }, (_, index) => (
          <div key={index} className="bg-raised aspect-square animate-pulse rounded-lg" />
        ))}
      </div>
    </div>
  );
}
