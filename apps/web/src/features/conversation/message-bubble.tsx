'use client';
import { clsx } from 'clsx';
import { memo, useRef, type MouseEvent } from 'react';
import { clockText } from '../chats/time-text.ts';
import { UploadTrouble } from '../pictures/send/pending-picture.tsx';
import type { Bubble } from './bubbles.ts';
import { useConversationActions } from './conversation-actions.tsx';
import { DayDivider, NewDivider } from './dividers.tsx';
import { FailedActions, FailedEdits } from './failed-actions.tsx';
import { HoverBar } from './hover-bar.tsx';
import { PendingPictureBody, PictureBody } from './picture-body.tsx';
import { Quoted } from './quoted.tsx';
import { Reactions } from './reactions.tsx';
import { Said } from './said.tsx';
import { useLongPress } from './use-long-press.ts';

/** One message with what stands above it: its day, and where the unread ones begin. `found`: somebody has just jumped to it. */
export const MessageBubble = memo(
  function MessageBubble({ bubble, author, now, found }: MessageBubbleProps) {
    const message = bubble.message;
    const canChange = message !== null && message.deletedAt === null;
    return (
      <div className={clsx('mx-auto w-full max-w-3xl px-3 sm:px-5', found && 'found')}>
        {bubble.startsDay && <DayDivider at={bubble.at} now={now} />}
        {bubble.startsNew && <NewDivider />}
        <article
          aria-label={`${bubble.mine ? 'You' : author}, ${clockText(bubble.at)}`}
          data-mine={bubble.mine}
          data-seq={message?.seq}
          className={clsx(
            'group flex flex-col',
            bubble.mine ? 'items-end' : 'items-start',
            bubble.closes ? 'pb-2.5' : 'pb-0.5',
          )}
        >
          <div className={clsx('flex w-full gap-1.5', bubble.mine ? 'flex-row-reverse' : 'flex-row')}>
            <Body bubble={bubble} author={author} />
            {canChange && <HoverBar message={message} mine={bubble.mine} />}
          </div>
          {canChange && <Reactions message={message} author={author} />}
          {message !== null && bubble.mine && <FailedEdits message={message} />}
          {bubble.outgoing?.status === 'failed' && <FailedActions entry={bubble.outgoing} />}
          {bubble.outgoing?.status === 'pending' && <UploadTrouble entry={bubble.outgoing} />}
        </article>
      </div>
    );
  },
  (a, b) => a.author === b.author && a.now === b.now && a.found === b.found && isSame(a.bubble, b.bubble),
);

type MessageBubbleProps = { bubble: Bubble; author: string; now: number; found: boolean };

function Body({ bubble, author }: { bubble: Bubble; author: string }) {
  const { mine, opens, closes, message } = bubble;
  const { openMenu } = useConversationActions();
  const canChange = message !== null && message.deletedAt === null;
  const image = canChange ? message.image : null;
  const pending = bubble.outgoing?.picture;
  const body = useRef<HTMLDivElement>(null);
  const open = () => {
    if (canChange && body.current !== null) openMenu(message, body.current.getBoundingClientRect());
  };
  const hold = useLongPress(open);
  const onContextMenu = (event: MouseEvent) => {
    // Links and chosen text keep the browser's own menu.
    const isOnLink = event.target instanceof Element && event.target.closest('a') !== null;
    if (!canChange || isOnLink || globalThis.getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    open();
  };
  return (
    <div
      ref={body}
      {...hold}
      onContextMenu={onContextMenu}
      className={clsx(
        'max-w-[min(85%,34rem)] min-w-0 rounded-2xl text-[15px] leading-snug shadow-xs pointer-coarse:select-none',
        image === null && pending === undefined && 'px-3.5 py-2',
        mine ? 'bg-mine' : 'bg-theirs border-line/60 border',
        mine && !opens && 'rounded-tr-md',
        mine && closes && 'rounded-br-sm',
        !mine && !opens && 'rounded-tl-md',
        !mine && closes && 'rounded-bl-sm',
      )}
    >
      {canChange && image !== null ? (
        <PictureBody bubble={bubble} message={message} image={image} author={author} />
      ) : bubble.outgoing !== null && pending !== undefined ? (
        <PendingPictureBody bubble={bubble} entry={bubble.outgoing} picture={pending} author={author} />
      ) : (
        <>
          {bubble.quotedSeq !== null && <Quoted seq={bubble.quotedSeq} message={bubble.quoted} author={author} />}
          <Said bubble={bubble} />
        </>
      )}
    </div>
  );
}

const isSame = (a: Bubble, b: Bubble) => (Object.keys(a) as (keyof Bubble)[]).every((name) => a[name] === b[name]);
