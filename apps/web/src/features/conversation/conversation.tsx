'use client';
import { useEffect, useState } from 'react';
import { type ChatState, isTransient } from '@parley/chat-client';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { BubbleSkeletons } from '../../ui/skeletons.tsx';
import { useChatClient, useClientState } from '../chats/chat-client-provider.tsx';
import { Composer } from './composer.tsx';
import { ConversationHeader, HeaderSkeleton } from './conversation-header.tsx';
import { ChatNotFound } from './chat-not-found.tsx';
import { MessageList } from './message-list.tsx';
import { TypingStrip } from './typing-strip.tsx';

/** The conversation at an address, which may be none of ours. */
export function Conversation({ chatId }: { chatId: string }) {
  const chat = useClientState((state) => state.chats[chatId]);
  const list = useClientState((state) => state.list);
  if (chat !== undefined) return <OpenConversation chat={chat} />;
  if (list === 'ready') return <ChatNotFound />;
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <HeaderSkeleton />
      <BubbleSkeletons />
    </main>
  );
}

function OpenConversation({ chat }: { chat: ChatState }) {
  const { problem, retry } = useHistory(chat);
  return (
    <main className="flex min-h-0 flex-1 flex-col" aria-label="Conversation">
      <ConversationHeader chat={chat} />
      <div className="flex min-h-0 flex-1 flex-col">
        {chat.timeline.loaded ? (
          <MessageList chat={chat} />
        ) : problem ? (
          <div className="m-auto flex max-w-sm flex-col gap-3 p-6">
            <Notice>The messages couldn’t be loaded. We keep trying.</Notice>
            <Button look="quiet" onClick={retry}>
              Try now
            </Button>
          </div>
        ) : (
          <BubbleSkeletons />
        )}
      </div>
      <TypingStrip chat={chat} />
      <Composer key={chat.id} chatId={chat.id} />
    </main>
  );
}

const RETRY_MS = 4_000;

/** Loads the newest page, again and again until it is there. */
function useHistory(chat: ChatState): { problem: boolean; retry(): void } {
  const client = useChatClient();
  const [attempt, setAttempt] = useState(0);
  const [problem, setProblem] = useState(false);
  const { id, timeline } = chat;
  const { loaded } = timeline;
  useEffect(() => {
    if (loaded) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    client.load(id).catch((error: unknown) => {
      setProblem(true);
      if (isTransient(error)) timer = setTimeout(() => setAttempt((n) => n + 1), RETRY_MS);
    });
    return () => clearTimeout(timer);
  }, [client, id, loaded, attempt]);
  return { problem, retry: () => setAttempt((n) => n + 1) };
}
