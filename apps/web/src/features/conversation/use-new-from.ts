import type { UserId } from '@parley/domain';
import { useEffect, useState } from 'react';
import { type ChatState, firstSeqOf, marksOf } from '@parley/chat-client';
import { isWatched } from './use-seen.ts';

/** As many messages as one takes in when they come at once. */
export const AT_A_GLANCE = 15;

/** The seq above which the line "New messages" stands: drawn when a conversation is opened with something unread, when something comes while nobody looks, and when so much comes at once that nobody can. */
export function useNewFrom(chat: ChatState, me: UserId): number | null {
  const { seen } = marksOf(chat, me);
  const [newFrom, setNewFrom] = useState<number | null>(() => firstUnread(chat, me, seen));
  const isOwnLast = chat.lastMessage?.senderId === me;
  useEffect(() => {
    if (isOwnLast) setNewFrom(null);
    else if (chat.unread > 0 && (chat.unread > AT_A_GLANCE || !isWatched()))
      setNewFrom((held) => held ?? firstUnread(chat, me, seen));
  }, [chat, me, seen, isOwnLast]);
  return newFrom;
}

function firstUnread(chat: ChatState, me: UserId, seen: number): number | null {
  // Where the unread begins further back than what is held, a line would stand in the middle of it.
  if (chat.unread === 0 || firstSeqOf(chat.timeline) > seen + 1) return null;
  return chat.timeline.messages.find((message) => message.seq > seen && message.senderId !== me)?.seq ?? null;
}
