import { BATCH_IDS_MAX, type ChatId, type UserId } from '@parley/domain';
import { syncChats } from '../calls/chats.ts';
import { byActivity, marksOf, type ChatState } from '../chat/chat-state.ts';
import type { ClientStore } from '../chat/client-state.ts';
import { isBehind } from '../chat/revisions.ts';
import { cursorOf } from '../chat/timeline.ts';
import type { Exchange } from '../http/exchange.ts';
import { pause, type Runtime } from '../ports.ts';
import type { Chats } from './chats.ts';
import type { History } from './history.ts';

/** A history further behind than this is begun anew from its newest page: nobody reads what lies between in one go. */
const TOO_FAR_BEHIND = 10_000;

export type CatchUpPorts = {
  exchange: Exchange;
  store: ClientStore;
  chats: Chats;
  history: History;
  runtime: Runtime;
  fetchList(o: { whole: boolean }): Promise<void>;
};

/**
 * Fetches what histories are known to lack, page by page, until nothing is. `ask`: the server is asked even where nothing is known to be missing, since
 * pushes may have been lost. Resolves to whether something is still missing.
 */
export async function catchUpChats(o: CatchUpPorts, { ask }: { ask: boolean }): Promise<boolean> {
  const { store } = o;
  let isListStale = false;
  for (let round = ask; ; round = false) {
    const before = store.getState();
    const behind = Object.values(before.chats).filter((chat) => chat.timeline.loaded && isBehind(chat.revisions));
    if (!round && behind.length === 0) break;
    for (const chat of behind.filter(isTooFar)) await o.history.newest(chat.id);
    if (
      await syncOnce(
        o,
        behind.filter((chat) => !isTooFar(chat)),
      )
    )
      isListStale = true;
    const after = store.getState().chats;
    // What gets no further now, the next comparison of heads will ask for again.
    if (!round && behind.every((chat) => after[chat.id]?.revisions.cursor === chat.revisions.cursor)) break;
    await pause(o.runtime.clock);
  }
  if (isListStale) await o.fetchList({ whole: true });
  for (const chat of Object.values(store.getState().chats)) {
    if (isUnreadUnloaded(chat, store.getState().me)) await o.history.newest(chat.id);
  }
  return Object.values(store.getState().chats).some(
    ({ timeline, revisions }) => timeline.loaded && isBehind(revisions),
  );
}

/** One exchange for as many chats as it takes, those that are behind first. Returns whether a line of the list is out of date. */
async function syncOnce({ exchange, store, chats }: CatchUpPorts, behind: readonly ChatState[]): Promise<boolean> {
  const cursors = new Map<ChatId, number>();
  const all = Object.values(store.getState().chats);
  const loaded = all.filter((chat) => chat.timeline.loaded);
  // Where no history is held, the list alone says everything.
  if (loaded.length === 0) return false;
  // All are named, since those that aren't would come from their beginning.
  for (const chat of [...behind, ...loaded, ...all.toSorted(byActivity)]) {
    if (cursors.size >= BATCH_IDS_MAX) break;
    // Of a chat that isn't loaded no message is wanted, only how far it goes.
    cursors.set(chat.id, chat.timeline.loaded ? chat.revisions.cursor : chat.revisions.known);
  }
  const answer = await syncChats(exchange, cursors);
  const held = store.getState().chats;
  chats.hear(
    ...answer.map(({ id, head, marks, messages, hasMore }) => {
      const from = cursors.get(id);
      const isFollowed = held[id]?.timeline.loaded === true && from !== undefined;
      const heard = isFollowed
        ? ({ type: 'synced', from, messages, hasMore, head, marks } as const)
        : ({ type: 'head', head, marks } as const);
      return { chatId: id, heard };
    }),
  );
  return answer.some(({ id, head }) => {
    const chat = store.getState().chats[id];
    return chat === undefined || (!chat.timeline.loaded && chat.revisions.cursor < head.rev);
  });
}

const isTooFar = (chat: ChatState): boolean => chat.timeline.head - cursorOf(chat.timeline) > TOO_FAR_BEHIND;

/** Messages have come that none of this person's devices has got: they must be held to be acknowledged. */
const isUnreadUnloaded = (chat: ChatState, me: UserId): boolean =>
  !chat.timeline.loaded && chat.unread > 0 && chat.lastSeq > marksOf(chat, me).delivered;
