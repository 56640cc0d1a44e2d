'use client';
import { ImageIcon } from 'lucide-react';
import { memo } from 'react';
import { clsx } from 'clsx';
import { type ChatState, type Outgoing, partnerOf } from '@parley/chat-client';
import { PartnerAvatar } from './partner-avatar.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Ticks } from '../conversation/ticks.tsx';
import { useClientState } from './chat-client-provider.tsx';
import { previewOf } from './chat-preview.ts';
import { chatPath, useView } from './navigate.ts';
import { RouteLink } from './route-link.tsx';
import { listTimeText } from './time-text.ts';
import { usePartner } from './use-partner.ts';

const NONE: readonly Outgoing[] = [];

/** One chat's line: who, what was said last, when, and how much is unread. */
export const ChatRow = memo(function ChatRow({ chat }: { chat: ChatState }) {
  const view = useView();
  const now = useNow();
  const me = useClientState((state) => state.me);
  const outgoing = useClientState((state) => state.outgoing[chat.id] ?? NONE);
  const changes = useClientState((state) => state.changes);
  const typing = useClientState((state) => state.typing[chat.id] ?? false);
  const partner = usePartner(partnerOf(chat, me));
  const preview = previewOf(chat, outgoing, me, changes);
  const isOpen = 'chatId' in view && view.chatId === chat.id;

  return (
    <li>
      <RouteLink
        href={chatPath(chat.id)}
        data-result
        aria-current={isOpen ? 'page' : undefined}
        className={clsx(
          'flex items-center gap-3 rounded-2xl px-3 py-2.5 transition-colors',
          isOpen ? 'bg-soft' : 'hover:bg-raised',
        )}
      >
        <PartnerAvatar partner={partner} size={48} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className="min-w-0 flex-1 truncate font-semibold">{partner.name}</span>
            <span className={clsx('shrink-0 text-xs', chat.unread > 0 ? 'text-warm font-semibold' : 'text-muted')}>
              {listTimeText(preview.at, now)}
            </span>
          </span>
          <span className="flex min-h-6 items-center gap-1.5">
            {preview.tick !== null && !typing && <Ticks state={preview.tick} />}
            {preview.isPhoto && !typing && <ImageIcon size={15} aria-hidden className="text-muted shrink-0" />}
            <span
              className={clsx(
                'min-w-0 flex-1 truncate text-sm',
                typing ? 'text-accent font-medium' : chat.unread > 0 ? 'text-ink' : 'text-muted',
              )}
            >
              {typing ? 'typing…' : (preview.text ?? 'Say hello')}
            </span>
            {chat.unread > 0 && <Unread count={chat.unread} />}
          </span>
        </span>
      </RouteLink>
    </li>
  );
});

function Unread({ count }: { count: number }) {
  return (
    <span className="bg-warm text-on-warm inline-flex h-5.5 min-w-5.5 items-center justify-center rounded-full px-1.5 text-xs font-bold tabular-nums">
      <span aria-hidden>{count > 99 ? '99+' : count}</span>
      <span className="sr-only">{count} unread</span>
    </span>
  );
}
