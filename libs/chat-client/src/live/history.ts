import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, type ChatId } from '@parley/domain';
import { listMessages } from '../calls/chats.ts';
import type { ClientStore } from '../chat/client-state.ts';
import type { ChatHeard } from '../chat/step.ts';
import { firstOf, lastOf, messageAt } from '../chat/runs.ts';
import { hasOlder, shownRun } from '../chat/timeline.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Chats } from './chats.ts';
import { createOnce } from './once.ts';

/** Pages of histories, each asked for once however many want it. Changes of what is held come otherwise: by pushes and sync. */
export type History = {
  /** The newest page: from then on the chat is followed. */
  newest(chatId: ChatId): Promise<void>;
  older(chatId: ChatId): Promise<void>;
  /** After the run that somebody jumped to. */
  newer(chatId: ChatId): Promise<void>;
  /** Brings `seq` into the run that is looked at. */
  jump(chatId: ChatId, seq: number): Promise<void>;
};

/** A jump this short pages back to it instead of opening a second run. */
const NEAR = 150;

export function createHistory(o: {
  exchange: Exchange;
  store: ClientStore;
  chats: Chats;
  /** Nothing is asked for before it settles: see RememberedProofs. */
  ready: Promise<void>;
}): History {
  const once = createOnce();
  const timelineOf = (chatId: ChatId) => o.store.getState().chats[chatId]?.timeline;

  async function fetchPage(
    chatId: ChatId,
    at: Extract<ChatHeard, { type: 'page' }>['at'],
    query: { before?: number; after?: number; limit: number },
  ): Promise<void> {
    await o.ready;
    const { messages, head } = await listMessages(o.exchange, chatId, query);
    o.chats.hear({ chatId, heard: { type: 'page', at, messages, head } });
  }

  const newest = (chatId: ChatId) =>
    once(`newest:${chatId}`, () => fetchPage(chatId, 'newest', { limit: PAGE_LIMIT_DEFAULT }));

  return {
    newest,
    older: (chatId) =>
      once(`older:${chatId}`, async () => {
        const timeline = timelineOf(chatId);
        if (timeline === undefined || !timeline.loaded || !hasOlder(timeline)) return;
        await fetchPage(chatId, 'next', { before: firstOf(shownRun(timeline)), limit: PAGE_LIMIT_DEFAULT });
      }),
    newer: (chatId) =>
      once(`newer:${chatId}`, async () => {
        const window = timelineOf(chatId)?.window ?? null;
        if (window !== null) await fetchPage(chatId, 'next', { after: lastOf(window), limit: PAGE_LIMIT_DEFAULT });
      }),
    jump: (chatId, seq) =>
      once(`jump:${chatId}`, async () => {
        if (timelineOf(chatId)?.loaded !== true) await newest(chatId);
        const timeline = timelineOf(chatId);
        if (timeline === undefined || messageAt(shownRun(timeline), seq) !== undefined) return;
        o.chats.hear({ chatId, heard: { type: 'window closed' } });
        const first = firstOf(timeline.messages);
        if (seq >= first) return;
        if (first - seq <= NEAR) await fetchPage(chatId, 'next', { before: first, limit: PAGE_LIMIT_MAX });
        else await fetchPage(chatId, 'jump', { after: Math.max(0, seq - 26), limit: PAGE_LIMIT_DEFAULT });
      }),
  };
}
