'use client';
import { partnerOf } from '@parley/chat-client';
import type { Message } from '@parley/contracts';
import { useClientState } from '../chats/chat-client-provider.tsx';
import { requestJump } from '../chats/jump-target.ts';
import { chatPath, navigate } from '../chats/navigate.ts';
import { MessageHits } from './message-hits.tsx';
import { useMessageSearch } from './use-message-search.ts';

/** Messages of all chats, below the people of the same name; each leads to its place. */
export function AllMessagesResults({ query }: { query: string }) {
  const search = useMessageSearch(query);
  const me = useClientState((state) => state.me);
  const chats = useClientState((state) => state.chats);
  const people = useClientState((state) => state.people);
  const titleOf = ({ chatId, senderId }: Message) => {
    const chat = chats[chatId];
    const partner = chat === undefined ? undefined : partnerOf(chat, me);
    const name = (partner === undefined ? undefined : people[partner]?.displayName) ?? '…';
    return senderId === me ? `You to ${name}` : name;
  };
  return (
    <MessageHits
      search={search}
      query={query}
      titleOf={titleOf}
      onChoose={({ chatId, seq }) => {
        navigate(chatPath(chatId));
        requestJump(chatId, seq);
      }}
    />
  );
}
