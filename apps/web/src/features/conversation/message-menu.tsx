'use client';
import type { Message } from '@parley/contracts';
import { Copy, Pencil, Reply, Smile, Trash2, type LucideIcon } from 'lucide-react';
import { clsx } from 'clsx';
import { useState, type KeyboardEvent } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { useClientState } from '../chats/chat-client-provider.tsx';
import { saidText } from '../chats/said-text.ts';
import { useConversationActions } from './conversation-actions.tsx';
import { COMMON_EMOJI, QUICK_EMOJI, emojiName } from './emoji.ts';

/** Everything that can be done with a message. */
export function MessageMenu({ message, near, onClose }: { message: Message; near: DOMRect; onClose(): void }) {
  const me = useClientState((state) => state.me);
  const actions = useConversationActions();
  const [isPicking, setPicking] = useState(false);
  const isMine = message.senderId === me;
  const chosen = new Set(message.reactions.filter(({ userIds }) => userIds.includes(me)).map(({ emoji }) => emoji));
  const react = (emoji: string) => {
    actions.react(message, emoji, !chosen.has(emoji));
    onClose();
  };
  const then = (act: (message: Message) => void) => () => {
    onClose();
    act(message);
  };
  return (
    <Dialog label="Message actions" near={near} onClose={onClose}>
      <p className="text-muted line-clamp-2 px-5 pt-4 pb-1 text-sm wrap-anywhere">{saidText(message)}</p>
      {isPicking ? (
        <div
          onKeyDown={walk}
          role="group"
          aria-label="All reactions"
          className="grid grid-cols-7 gap-1 p-3 sm:grid-cols-8"
        >
          {COMMON_EMOJI.map(([emoji], index) => (
            <EmojiButton
              key={emoji}
              emoji={emoji}
              autoFocus={index === 0}
              isChosen={chosen.has(emoji)}
              onClick={react}
            />
          ))}
        </div>
      ) : (
        <div onKeyDown={walk}>
          <div role="group" aria-label="Reactions" className="flex items-center justify-between px-3 py-2">
            {QUICK_EMOJI.map((emoji) => (
              <EmojiButton key={emoji} emoji={emoji} isChosen={chosen.has(emoji)} onClick={react} />
            ))}
            <button
              type="button"
              aria-label="More reactions"
              title="More reactions"
              onClick={() => setPicking(true)}
              className="text-muted hover:bg-raised inline-flex size-11 items-center justify-center rounded-xl"
            >
              <Smile size={22} aria-hidden />
            </button>
          </div>
          <div className="border-line border-t p-2">
            <Item icon={Reply} label="Reply" onClick={then(actions.reply)} />
            {message.text !== null && <Item icon={Copy} label="Copy text" onClick={then(actions.copy)} />}
            {isMine && <Item icon={Pencil} label={editLabel(message)} onClick={then(actions.edit)} />}
            {isMine && <Item icon={Trash2} label="Delete" danger onClick={then(actions.remove)} />}
          </div>
        </div>
      )}
    </Dialog>
  );
}

function editLabel({ text, image }: Message): string {
  if (image === null) return 'Edit';
  return text === null ? 'Add a caption' : 'Edit caption';
}

function EmojiButton({
  emoji,
  isChosen,
  autoFocus = false,
  onClick,
}: {
  emoji: string;
  isChosen: boolean;
  autoFocus?: boolean;
  onClick(emoji: string): void;
}) {
  return (
    <button
      type="button"
      autoFocus={autoFocus}
      aria-label={emojiName(emoji)}
      aria-pressed={isChosen}
      onClick={() => onClick(emoji)}
      className={clsx(
        'inline-flex size-11 items-center justify-center rounded-xl text-2xl',
        isChosen ? 'bg-soft ring-accent ring-1' : 'hover:bg-raised',
      )}
    >
      {emoji}
    </button>
  );
}

function Item(o: { icon: LucideIcon; label: string; danger?: boolean; onClick(): void }) {
  const Icon = o.icon;
  return (
    <button
      type="button"
      onClick={o.onClick}
      className={clsx(
        'hover:bg-raised flex min-h-11 w-full items-center gap-3 rounded-xl px-3 text-left font-medium',
        o.danger === true && 'text-danger',
      )}
    >
      <Icon size={18} aria-hidden /> {o.label}
    </button>
  );
}

/** Arrow keys walk through everything that can be chosen. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  stops[(at + step + stops.length) % stops.length]?.focus();
}
