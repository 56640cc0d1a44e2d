'use client';
import { ArrowLeft } from 'lucide-react';
import { clsx } from 'clsx';
import { type ChatState, partnerOf } from '@parley/chat-client';
import { Avatar } from '../../ui/avatar.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useClientState } from '../chats/chat-client-provider.tsx';
import { CHATS_PATH } from '../chats/navigate.ts';
import { RouteLink } from '../chats/route-link.tsx';
import { lastSeenText } from '../chats/time-text.ts';
import { usePartner, type Partner } from '../chats/use-partner.ts';

const FRAME = 'safe-top border-line bg-panel border-b';

/** Who is on the other end, and whether they are here. */
export function ConversationHeader({ chat }: { chat: ChatState }) {
  const now = useNow();
  const me = useClientState((state) => state.me);
  const typing = useClientState((state) => state.typing[chat.id] ?? false);
  const partner = usePartner(partnerOf(chat, me));
  return (
    <header className={FRAME}>
      <div className="flex h-16 items-center gap-3 px-3 md:px-5">
        <RouteLink
          href={CHATS_PATH}
          aria-label="Back to chats"
          className="text-muted hover:bg-raised -mr-1 inline-flex size-11 items-center justify-center rounded-xl md:hidden"
        >
          <ArrowLeft size={22} aria-hidden />
        </RouteLink>
        <Avatar id={partner.id} name={partner.name} online={partner.online} size={42} />
        <div className="min-w-0 flex-1">
          <h1 className="truncate leading-tight font-semibold">{partner.name}</h1>
          <p
            data-testid="presence"
            className={clsx('truncate text-sm leading-tight', typing || partner.online ? 'text-accent' : 'text-muted')}
          >
            {statusText(partner, typing, now)}
          </p>
        </div>
      </div>
    </header>
  );
}

/** Typing, online, last seen; where none of it may be known, their username. */
function statusText(partner: Partner, typing: boolean, now: number): string {
  if (typing) return 'typing…';
  if (partner.online) return 'online';
  if (partner.lastSeenAt !== null) return lastSeenText(partner.lastSeenAt, now);
  return partner.username === null ? '' : `@${partner.username}`;
}

export function HeaderSkeleton() {
  return (
    <div className={FRAME} aria-hidden>
      <div className="flex h-16 animate-pulse items-center gap-3 px-5">
        <div className="bg-raised size-10.5 rounded-full" />
        <div className="bg-raised h-4 w-36 rounded-full" />
      </div>
    </div>
  );
}
