import { presenceAnswer } from '@parley/contracts';
import { BATCH_IDS_MAX, type UserId } from '@parley/domain';
import { getPresence } from '../calls/people.ts';
import { partnerOf } from '../chat/chat-state.ts';
import { withPresence, type ClientStore } from '../chat/client-state.ts';
import type { Exchange } from '../http/exchange.ts';
import type { LiveConnection } from './connection.ts';
import { socketElseHttp } from './two-ways.ts';

/** Subscribes to the presence of everybody in the list; over HTTP, where there is no socket, it is read once. */
export async function watchPresence(exchange: Exchange, live: LiveConnection, store: ClientStore): Promise<void> {
  const { chats, me } = store.getState();
  const partners = Object.values(chats).map((chat) => partnerOf(chat, me));
  const ids = [...new Set(partners)].filter((id): id is UserId => id !== undefined).slice(0, BATCH_IDS_MAX);
  if (ids.length === 0) return;
  const presence = await socketElseHttp(
    live.isReady(),
    async () => (await live.request('presence:subscribe', { userIds: ids }, presenceAnswer)).presence,
    () => getPresence(exchange, ids),
  );
  const unknown = Object.fromEntries(ids.map((id) => [id, { online: false, lastSeenAt: null }]));
  store.setState(withPresence({ ...unknown, ...presence }));
}
