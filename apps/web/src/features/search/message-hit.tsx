'use client';
import type { Message } from '@parley/contracts';
import { listTimeText } from '../chats/time-text.ts';
import { SmallThumb } from '../pictures/show/small-thumb.tsx';
import { highlighted } from './highlight.ts';

/** One message that was found: who said it, when, and the words it was found by. */
export function MessageHit({
  message,
  title,
  query,
  now,
  onClick,
}: {
  message: Message;
  title: string;
  query: string;
  now: number;
  onClick(): void;
}) {
  return (
    <li>
      <button
        type="button"
        data-result
        onClick={onClick}
        className="hover:bg-raised block w-full rounded-2xl px-3 py-2.5 text-left"
      >
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 flex-1 truncate text-sm font-semibold">{title}</span>
          <span className="text-muted shrink-0 text-xs">{listTimeText(message.createdAt, now)}</span>
        </span>
        <span className="flex items-start gap-2">
          <span className="text-muted line-clamp-2 min-w-0 flex-1 text-sm wrap-anywhere">
            {highlighted(message.text ?? '', query).map((part, index) =>
              part.isHit ? (
                <mark key={index} className="bg-warm/20 text-ink rounded-xs font-medium">
                  {part.text}
                </mark>
              ) : (
                <span key={index}>{part.text}</span>
              ),
            )}
          </span>
          {message.image !== null && <SmallThumb image={message.image} className="mt-0.5 size-9" />}
        </span>
      </button>
    </li>
  );
}
