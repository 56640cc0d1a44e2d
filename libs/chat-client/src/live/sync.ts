import { BATCH_IDS_MAX, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, type ChatId, type UserId } from '@parley/domain';
import { getPeople } from '../calls/people.ts';
import { listChats, listMessages } from '../calls/chats.ts';
import { marksOf, partnerOf, type ChatState } from '../chat/chat-state.ts';
import { withChats, withHistory, withPeople, type ClientStore } from '../chat/client-state.ts';
import { cursorOf, firstSeqOf, hasOlder, isBehind } from '../chat/timeline.ts';
import type { Exchange } from '../http/exchange.ts';

/** Fetches what is missing; each fetch runs once however many ask for it. */
export type Sync = {
  /** The list, and what is missing of every chat. `whole`: all pages of the list, else the first, where whatever is new stands. */
  all(o: { whole: boolean }): Promise<void>;
  /** What of this chat is newer than what is held; the newest page where nothing is held yet. */
  chat(chatId: ChatId): Promise<void>;
  older(chatId: ChatId): Promise<void>;
  /** Fetches what any chat is now known to lack. */
  heal(): Promise<void>;
};

export function createSync(exchange: Exchange, store: ClientStore): Sync {
  const running = new Map<string, Promise<void>>();
  const once = (key: string, run: () => Promise<void>): Promise<void> => {
    const held = running.get(key);
    if (held !== undefined) return held;
    const started = run().finally(() => running.delete(key));
    running.set(key, started);
    return started;
  };
  const chatOf = (chatId: ChatId) => store.getState().chats[chatId];

  async function fetchList(whole: boolean): Promise<void> {
    let cursor: string | undefined;
    do {
      const page = await listChats(exchange, cursor);
      store.setState(withChats(page.chats));
      cursor = page.nextCursor ?? undefined;
    } while (whole && cursor !== undefined);
    store.setState({ list: 'ready' });
  }

  async function fetchPeople(o: { again: boolean }): Promise<void> {
    const { chats, people, me } = store.getState();
    const ids = Object.values(chats)
      .map((chat) => partnerOf(chat, me))
      .filter((id): id is UserId => id !== undefined && (o.again || people[id] === undefined));
    for (let from = 0; from < ids.length; from += BATCH_IDS_MAX) {
      store.setState(withPeople(await getPeople(exchange, ids.slice(from, from + BATCH_IDS_MAX))));
    }
  }

  async function fetchNewer(chatId: ChatId): Promise<void> {
    for (let chat = chatOf(chatId); chat !== undefined; chat = chatOf(chatId)) {
      const { timeline } = chat;
      if (timeline.loaded && !isBehind(timeline)) return;
      const query = timeline.loaded
        ? { after: cursorOf(timeline), limit: PAGE_LIMIT_MAX }
        : { limit: PAGE_LIMIT_DEFAULT };
      const page = await listMessages(exchange, chatId, query);
      store.setState(withHistory(chatId, page));
      // A head beyond what the server gives now can only be a push that overtook its reads: the next comparison of heads settles it.
      if (timeline.loaded && page.messages.length === 0) return;
    }
  }

  const fetchChat = (chatId: ChatId) => once(`newer:${chatId}`, () => fetchNewer(chatId));

  const heal = async () => {
    const { chats, me } = store.getState();
    for (const chat of Object.values(chats)) if (lacksSomething(chat, me)) await fetchChat(chat.id);
  };

  return {
    heal,
    chat: fetchChat,
    older: (chatId) =>
      once(`older:${chatId}`, async () => {
        const timeline = chatOf(chatId)?.timeline;
        if (timeline === undefined || !timeline.loaded || !hasOlder(timeline)) return;
        const query = { before: firstSeqOf(timeline), limit: PAGE_LIMIT_DEFAULT };
        store.setState(withHistory(chatId, await listMessages(exchange, chatId, query)));
      }),
    all: (o) =>
      once(`all:${o.whole}`, async () => {
        await fetchList(o.whole);
        await fetchPeople({ again: o.whole });
        await heal();
      }),
  };
}

/** A chat is fetched when messages are missing after the cursor, or when some arrived that this person's devices have not yet got. */
function lacksSomething(chat: ChatState, me: UserId): boolean {
  if (chat.timeline.loaded) return isBehind(chat.timeline);
  return chat.unread > 0 && chat.lastSeq > marksOf(chat, me).delivered;
}
