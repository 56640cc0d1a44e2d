'use client';
import { partnerOf, type ChatState } from '@parley/chat-client';
import { X } from 'lucide-react';
import { PartnerAvatar } from '../chats/partner-avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useClientState } from '../chats/chat-client-provider.tsx';
import { usePartner } from '../chats/use-partner.ts';
import { MediaSection } from '../media/media-section.tsx';
import { LedgerSection } from './ledger-section.tsx';

/** Who is on the other end, and the proof of what was said. */
export function ChatDetails({ chat, onClose }: { chat: ChatState; onClose(): void }) {
  const me = useClientState((state) => state.me);
  const partner = usePartner(partnerOf(chat, me));
  return (
    <Dialog label="Details of this conversation" shape="panel" onClose={onClose}>
      <div className="flex items-center justify-between px-5 pt-3">
        <h2 className="text-lg font-semibold">Details</h2>
        <IconButton label="Close" className="-mr-3" onClick={onClose}>
          <X size={20} aria-hidden />
        </IconButton>
      </div>
      <div className="flex flex-col items-center gap-1 px-5 pt-2 pb-6 text-center">
        <PartnerAvatar partner={partner} size={80} />
        <p className="mt-2 text-lg leading-tight font-semibold wrap-anywhere">{partner.name}</p>
        {partner.username !== null && <p className="text-muted text-sm">@{partner.username}</p>}
        {partner.bio !== '' && <p className="mt-2 text-sm wrap-anywhere">{partner.bio}</p>}
      </div>
      <MediaSection chat={chat} onLeave={onClose} />
      <LedgerSection chat={chat} />
    </Dialog>
  );
}
