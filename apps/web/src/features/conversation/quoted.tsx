'use client';
import type { Message } from '@parley/contracts';
import { useClientState } from '../chats/chat-client-provider.tsx';
import { saidText } from '../chats/said-text.ts';
import { SmallThumb } from '../pictures/show/small-thumb.tsx';
import { useConversationActions } from './conversation-actions.tsx';

/** What a message answers, inside its bubble; a click leads there. */
export function Quoted({ seq, message, author }: { seq: number; message: Message | null; author: string }) {
  const me = useClientState((state) => state.me);
  const { jumpTo } = useConversationActions();
  const name = message === null ? 'An earlier message' : message.senderId === me ? 'You' : author;
  const text = message === null ? `#${seq}` : saidText(message);
  const image = message?.image ?? null;
  return (
    <button
      type="button"
      onClick={() => jumpTo(seq)}
      aria-label={`In reply to ${name}: ${text}. Go there`}
      className="border-accent bg-ink/5 hover:bg-ink/10 mb-1.5 flex w-full items-center gap-2 overflow-hidden rounded-lg border-l-3 pl-2.5 text-left text-[13px] leading-snug"
    >
      <span className="min-w-0 flex-1 py-1 pr-2">
        <span className="text-accent block truncate font-semibold">{name}</span>
        <span className="text-muted line-clamp-2 wrap-anywhere">{text}</span>
      </span>
      {image !== null && <SmallThumb image={image} className="size-12 self-stretch rounded-none" />}
    </button>
  );
}
