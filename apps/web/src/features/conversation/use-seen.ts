import { useContext, useEffect } from 'react';
import { type ChatState, cursorOf } from '@parley/chat-client';
import { useChatClient } from '../chats/chat-client-provider.tsx';
import { ConversationCovered } from './covered.ts';

/** Whether somebody is looking at this page. */
export const isWatched = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

/** A list tells a moment after it has grown that its end is no longer in view. */
const SETTLE_MS = 150;

/** Reports messages as seen, but only those that somebody can have seen: the page in front, and scrolled to its end. */
export function useSeen(chat: ChatState, atBottom: boolean): void {
  const client = useChatClient();
  const isCovered = useContext(ConversationCovered);
  const { id } = chat;
  const cursor = cursorOf(chat.timeline);
  useEffect(() => {
    const report = () => {
      if (atBottom && !isCovered && isWatched()) client.seen(id, cursor);
    };
    const timer = setTimeout(report, SETTLE_MS);
    globalThis.addEventListener('focus', report);
    document.addEventListener('visibilitychange', report);
    return () => {
      clearTimeout(timer);
      globalThis.removeEventListener('focus', report);
      document.removeEventListener('visibilitychange', report);
    };
  }, [client, id, cursor, atBottom, isCovered]);
}
