import { clsx } from 'clsx';
import { memo } from 'react';
import { clockText } from '../chats/time-text.ts';
import type { Bubble } from './bubbles.ts';
import { DayDivider, NewDivider } from './dividers.tsx';
import { FailedActions } from './failed-actions.tsx';
import { MessageText } from './message-text.tsx';
import { Ticks } from './ticks.tsx';

/** One message with what stands above it: its day, and where the unread ones begin. */
export const MessageBubble = memo(
  function MessageBubble({ bubble, author, now }: { bubble: Bubble; author: string; now: number }) {
    return (
      <div className="mx-auto w-full max-w-3xl px-3 sm:px-5">
        {bubble.startsDay && <DayDivider at={bubble.at} now={now} />}
        {bubble.startsNew && <NewDivider />}
        <article
          aria-label={`${bubble.mine ? 'You' : author}, ${clockText(bubble.at)}`}
          data-mine={bubble.mine}
          className={clsx(
            'flex flex-col',
            bubble.mine ? 'items-end' : 'items-start',
            bubble.closes ? 'pb-2.5' : 'pb-0.5',
          )}
        >
          <Body bubble={bubble} />
          {bubble.outgoing?.status === 'failed' && <FailedActions entry={bubble.outgoing} />}
        </article>
      </div>
    );
  },
  (a, b) => a.author === b.author && a.now === b.now && isSame(a.bubble, b.bubble),
);

function Body({ bubble }: { bubble: Bubble }) {
  const { mine, opens, closes, text } = bubble;
  return (
    <div
      className={clsx(
        'max-w-[min(85%,34rem)] rounded-2xl px-3.5 py-2 text-[15px] leading-snug shadow-xs',
        mine ? 'bg-mine' : 'bg-theirs border-line/60 border',
        mine && !opens && 'rounded-tr-md',
        mine && closes && 'rounded-br-sm',
        !mine && !opens && 'rounded-tl-md',
        !mine && closes && 'rounded-bl-sm',
      )}
    >
      <span dir="auto" className={clsx('wrap-anywhere whitespace-pre-wrap', text === null && 'text-muted italic')}>
        {text === null ? 'Message deleted' : <MessageText text={text} />}
      </span>
      <span className="text-muted float-right mt-1.5 -mr-1 ml-3 inline-flex items-center gap-1 text-[11px] leading-none tabular-nums select-none">
        {bubble.edited && <span>edited</span>}
        <time dateTime={new Date(bubble.at).toISOString()}>{clockText(bubble.at)}</time>
        {bubble.tick !== null && <Ticks state={bubble.tick} />}
      </span>
    </div>
  );
}

const isSame = (a: Bubble, b: Bubble) => (Object.keys(a) as (keyof Bubble)[]).every((name) => a[name] === b[name]);
