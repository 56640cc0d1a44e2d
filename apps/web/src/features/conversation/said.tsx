import { clsx } from 'clsx';
import { clockText } from '../chats/time-text.ts';
import type { Bubble } from './bubbles.ts';
import { MessageText } from './message-text.tsx';
import { Ticks } from './ticks.tsx';

/** What a message says, or that it was deleted; when it was sent, and how far it has come. */
export function Said({ bubble }: { bubble: Bubble }) {
  const { text } = bubble;
  return (
    <>
      <span dir="auto" className={clsx('wrap-anywhere whitespace-pre-wrap', text === null && 'text-muted italic')}>
        {text === null ? 'Message deleted' : <MessageText text={text} />}
      </span>
      <span className="text-muted float-right mt-1.5 -mr-1 ml-3">
        <When bubble={bubble} />
      </span>
    </>
  );
}

/** When a message was sent, whether it was edited, and how far one's own has come. */
export function When({ bubble }: { bubble: Bubble }) {
  const isDeleted = bubble.message !== null && bubble.message.deletedAt !== null;
  return (
    <span className="inline-flex items-center gap-1 text-[11px] leading-none tabular-nums select-none">
      {bubble.edited && <span>edited</span>}
      <time dateTime={new Date(bubble.at).toISOString()}>{clockText(bubble.at)}</time>
      {bubble.tick !== null && (!isDeleted || bubble.tick === 'pending') && <Ticks state={bubble.tick} />}
    </span>
  );
}
