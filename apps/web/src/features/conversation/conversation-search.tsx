'use client';
import type { ChatState } from '@parley/chat-client';
import { SEARCH_QUERY_MAX } from '@parley/domain';
import { Search, X } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { useClientState } from '../chats/chat-client-provider.tsx';
import { focusResult } from '../chats/result-keys.ts';
import { MessageHits } from '../search/message-hits.tsx';
import { useMessageSearch } from '../search/use-message-search.ts';
import { useConversationActions } from './conversation-actions.tsx';

/** Search within one conversation, between its header and its messages. */
export function ConversationSearch({ chat, author, onClose }: { chat: ChatState; author: string; onClose(): void }) {
  const [text, setText] = useState('');
  const query = text.trim();
  return (
    <search
      className="border-line bg-panel rise flex max-h-[50%] flex-col border-b"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
        focusResult(event);
      }}
    >
      <div className="relative flex items-center gap-1 px-3 py-2 md:px-5">
        <Search size={18} aria-hidden className="text-muted pointer-events-none absolute left-6 md:left-8" />
        <input
          autoFocus
          type="search"
          aria-label="Search this conversation"
          placeholder="Search this conversation"
          autoComplete="off"
          maxLength={SEARCH_QUERY_MAX}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="bg-raised placeholder:text-muted focus:border-accent focus:bg-panel h-11 w-full rounded-xl border border-transparent pr-3 pl-10 text-base outline-none md:text-[15px] [&::-webkit-search-cancel-button]:hidden"
        />
        <IconButton label="Close search" className="-mr-2" onClick={onClose}>
          <X size={18} aria-hidden />
        </IconButton>
      </div>
      {query !== '' && <Hits key={chat.id} chat={chat} query={query} author={author} />}
    </search>
  );
}

function Hits({ chat, query, author }: { chat: ChatState; query: string; author: string }) {
  const search = useMessageSearch(query, chat.id);
  const me = useClientState((state) => state.me);
  const { jumpTo } = useConversationActions();
  return (
    <div className="min-h-0 overflow-y-auto overscroll-contain">
      <MessageHits
        search={search}
        query={query}
        titleOf={({ senderId }) => (senderId === me ? 'You' : author)}
        onChoose={({ seq }) => jumpTo(seq)}
      />
    </div>
  );
}
