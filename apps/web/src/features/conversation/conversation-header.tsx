'use client';
import { ArrowLeft, Search } from 'lucide-react';
import { clsx } from 'clsx';
import { partnerOf, type ChatState } from '@parley/chat-client';
import { PartnerAvatar } from '../chats/partner-avatar.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useClientState } from '../chats/chat-client-provider.tsx';
import { CHATS_PATH } from '../chats/navigate.ts';
import { RouteLink } from '../chats/route-link.tsx';
import { lastSeenText } from '../chats/time-text.ts';
import { usePartner, type Partner } from '../chats/use-partner.ts';
import { Freshness } from '../details/freshness.tsx';

const FRAME = 'safe-top border-line bg-panel border-b';

/** Who is on the other end and whether they are here; how fresh all of it is; and the ways to search it and to its details. */
export function ConversationHeader({
  chat,
  isSearching,
  onSearch,
  onDetails,
}: {
  chat: ChatState;
  isSearching: boolean;
  onSearch(): void;
  onDetails(): void;
}) {
  const now = useNow();
  const me = useClientState((state) => state.me);
  const typing = useClientState((state) => state.typing[chat.id] ?? false);
  const partner = usePartner(partnerOf(chat, me));
  return (
    <header className={FRAME}>
      <div className="flex h-16 items-center gap-1 px-3 md:px-5">
        <RouteLink
          href={CHATS_PATH}
          aria-label="Back to chats"
          className="text-muted hover:bg-raised inline-flex size-11 shrink-0 items-center justify-center rounded-xl md:hidden"
        >
          <ArrowLeft size={22} aria-hidden />
        </RouteLink>
        <div className="hover:bg-raised relative -ml-1 flex min-w-0 items-center gap-3 rounded-2xl py-1 pr-3 pl-1">
          <PartnerAvatar partner={partner} size={42} />
          <div className="min-w-0 flex-1">
            <h1 className="truncate leading-tight font-semibold">
              {/* The button covers the picture and the line below too. */}
              <button type="button" onClick={onDetails} title="Details" className="after:absolute after:inset-0">
                {partner.name}
              </button>
            </h1>
            <p
              data-testid="presence"
              className={clsx(
                'truncate text-sm leading-tight',
                typing || partner.online ? 'text-accent' : 'text-muted',
              )}
            >
              {statusText(partner, typing, now)}
            </p>
          </div>
        </div>
        <span className="flex-1" />
        <Freshness chat={chat} />
        <button
          type="button"
          aria-label="Search in this conversation"
          title="Search in this conversation"
          aria-expanded={isSearching}
          onClick={onSearch}
          className="text-muted hover:bg-raised hover:text-ink -mr-2 inline-flex size-11 shrink-0 items-center justify-center rounded-xl"
        >
          <Search size={20} aria-hidden />
        </button>
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
