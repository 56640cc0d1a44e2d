'use client';
import type { Message } from '@parley/contracts';
import { Ellipsis, Reply, SmilePlus } from 'lucide-react';
import { clsx } from 'clsx';
import type { MouseEvent } from 'react';
import { useConversationActions } from './conversation-actions.tsx';

const BUTTON =
  'text-muted hover:bg-raised hover:text-ink inline-flex size-8 items-center justify-center rounded-lg transition-colors';

/** Beside a message while a mouse is over it or a key leads to it. Only the menu is a stop of the Tab key: a long conversation would have too many. */
export function HoverBar({ message, mine }: { message: Message; mine: boolean }) {
  const { reply, openMenu } = useConversationActions();
  const open = ({ currentTarget }: MouseEvent) => openMenu(message, currentTarget.getBoundingClientRect());
  return (
    <div
      className={clsx(
        'border-line bg-panel flex shrink-0 self-center rounded-xl border p-0.5 opacity-0 shadow-xs transition-opacity',
        'group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:sr-only',
        mine ? 'flex-row-reverse' : 'flex-row',
      )}
    >
      <button type="button" tabIndex={-1} title="React" aria-label="React" className={BUTTON} onClick={open}>
        <SmilePlus size={17} aria-hidden />
      </button>
      <button
        type="button"
        tabIndex={-1}
        title="Reply"
        aria-label="Reply"
        className={BUTTON}
        onClick={() => reply(message)}
      >
        <Reply size={17} aria-hidden />
      </button>
      <button
        type="button"
        title="More"
        aria-label="Message actions"
        aria-haspopup="dialog"
        className={BUTTON}
        onClick={open}
      >
        <Ellipsis size={17} aria-hidden />
      </button>
    </div>
  );
}
