'use client';
import { MessageCirclePlus } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Notice } from '../../ui/notice.tsx';
import { RowSkeletons } from '../../ui/skeletons.tsx';
import { useChatClient, useClientState } from './chat-client-provider.tsx';
import { sortedChats } from './chat-preview.ts';
import { ChatRow } from './chat-row.tsx';

/** Every chat, newest first, in each of its states. */
export function ChatList() {
  const client = useChatClient();
  const status = useClientState((state) => state.list);
  const chats = useClientState((state) => state.chats);
  const outgoing = useClientState((state) => state.outgoing);
  const me = useClientState((state) => state.me);
  const sorted = useMemo(() => sortedChats({ chats, outgoing, me }), [chats, outgoing, me]);

  if (sorted.length > 0) {
    return (
      <ul aria-label="Chats" className="px-2 pb-2">
        {sorted.map((chat) => (
          <ChatRow key={chat.id} chat={chat} />
        ))}
      </ul>
    );
  }
  if (status === 'loading') return <RowSkeletons count={6} />;
  if (status === 'failed') {
    return (
      <div className="flex flex-col gap-3 p-4">
        <Notice>Your chats couldn’t be loaded. We keep trying.</Notice>
        <Button look="quiet" onClick={() => void client.reload().catch(console.info)}>
          Try now
        </Button>
      </div>
    );
  }
  return (
    <EmptyState icon={<MessageCirclePlus size={28} aria-hidden />} title="No conversations yet">
      <p>Find somebody by their name or username, and say hello.</p>
      <Button onClick={() => document.querySelector<HTMLInputElement>('input[type=search]')?.focus()}>
        Find people
      </Button>
    </EmptyState>
  );
}
