'use client';
import type { Message } from '@parley/contracts';
import { clsx } from 'clsx';
import { useClientState } from '../chats/chat-client-provider.tsx';
import { useConversationActions } from './conversation-actions.tsx';
import { emojiName } from './emoji.ts';

/** Below a message: what was left on it, and by how many; one's own can be taken away again. */
export function Reactions({ message, author }: { message: Message; author: string }) {
  const me = useClientState((state) => state.me);
  const changes = useClientState((state) => state.changes[message.id]);
  const { react } = useConversationActions();
  if (message.reactions.length === 0) return null;
  return (
    <ul aria-label="Reactions" className={clsx('-mt-1 flex max-w-[85%] flex-wrap gap-1 px-2')}>
      {message.reactions.map(({ emoji, userIds }) => {
        const isMine = userIds.includes(me);
        const isWaiting = changes?.some(({ wish }) => wish.kind === 'reaction' && wish.emoji === emoji) ?? false;
        const who = userIds.map((id) => (id === me ? 'You' : author)).join(' and ');
        return (
          <li key={emoji}>
            <button
              type="button"
              aria-pressed={isMine}
              aria-label={`${emojiName(emoji)}: ${who}`}
              title={isWaiting ? `${who}, waiting to be sent` : who}
              data-waiting={isWaiting}
              onClick={() => react(message, emoji, !isMine)}
              className={clsx(
                'inline-flex h-7 items-center gap-1 rounded-full border px-2 text-sm leading-none shadow-xs',
                isWaiting && 'border-dashed opacity-70',
                isMine ? 'border-accent bg-soft' : 'border-line bg-panel hover:bg-raised',
              )}
            >
              <span aria-hidden>{emoji}</span>
              {userIds.length > 1 && <span className="text-muted text-xs tabular-nums">{userIds.length}</span>}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
