'use client';
import { type ChatState, partnerOf } from '@parley/chat-client';
import { useClientState } from '../chats/chat-client-provider.tsx';
import { saidText } from '../chats/said-text.ts';
import { usePartner } from '../chats/use-partner.ts';

const DELAYS = ['0ms', '150ms', '300ms'];

/** A line of constant height, so that nothing moves when somebody begins to type; it also reads new messages out. */
export function TypingStrip({ chat }: { chat: ChatState }) {
  const me = useClientState((state) => state.me);
  const typing = useClientState((state) => state.typing[chat.id] ?? false);
  const partner = usePartner(partnerOf(chat, me));
  const last = chat.lastMessage;
  const announcement = last !== null && last.senderId !== me ? `${partner.name}: ${saidText(last)}` : '';
  return (
    <div className="mx-auto h-6 w-full max-w-3xl px-4 sm:px-6">
      {typing && (
        <span className="text-muted inline-flex items-center gap-2 text-xs">
          <span className="inline-flex gap-1" aria-hidden>
            {DELAYS.map((animationDelay) => (
              <span
                key={animationDelay}
                className="typing-dot bg-accent size-1.5 rounded-full"
                style={{ animationDelay }}
              />
            ))}
          </span>
          {partner.name} is typing
        </span>
      )}
      <span aria-live="polite" className="sr-only">
        {announcement}
      </span>
    </div>
  );
}
