import { headWithMarks } from '@parley/contracts';
import { BATCH_IDS_MAX, HEADS_CHECK_MS, type ChatId } from '@parley/domain';
import { z } from 'zod';
import { marksOf } from '../chat/chat-state.ts';
import { withHistory, withMarks, type ClientStore, type Connection } from '../chat/client-state.ts';
import { cursorOf } from '../chat/timeline.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Device, Runtime } from '../ports.ts';
import type { LiveConnection } from './connection.ts';
import { startHeartbeat } from './heartbeat.ts';
import { watchPresence } from './presence.ts';
import type { Receipts } from './receipts.ts';
import type { Sync } from './sync.ts';
import type { TypingSigns } from './typing.ts';

const POLL_MS = 3_000;
const headsAnswer = z.object({ heads: z.record(z.string(), headWithMarks) });
const typingAnswer = z.object({});

/**
 * Keeps what this client holds equal to what the server has: catches up whenever the socket is ready, compares heads every
 * half minute while it is, and asks over HTTP every few seconds while it is not.
 */
export type Upkeep = {
  ready(): void;
  down(): void;
  heal(): void;
  catchUp(o: { whole: boolean }): Promise<void>;
  watchPresence(): void;
  sendTyping(chatId: ChatId, typing: boolean): void;
  stop(): void;
};

export function startUpkeep(o: {
  exchange: Exchange;
  live: LiveConnection;
  store: ClientStore;
  sync: Sync;
  receipts: Receipts;
  signs: TypingSigns;
  runtime: Runtime;
  device: Device;
  wakeSender(): void;
}): Upkeep {
  const { store, live, sync, device } = o;
  const { log, random } = o.runtime;
  const note = (error: unknown) => log.info('the next comparison will tell', error);
  const set = (connection: Connection) => store.setState({ connection });

  /** Every message held without a gap is acknowledged; receipts that are known already are not repeated. */
  function acknowledge() {
    const { chats, me } = store.getState();
    for (const chat of Object.values(chats)) {
      const cursor = cursorOf(chat.timeline);
      if (chat.lastMessage?.senderId === me && chat.unread === 0) continue;
      if (cursor > marksOf(chat, me).delivered) o.receipts.report('delivered', chat.id, cursor);
    }
  }

  const presence = () => void watchPresence(o.exchange, live, store).catch(note);

  async function catchUp(options: { whole: boolean }): Promise<void> {
    try {
      await sync.all(options);
      acknowledge();
      presence();
    } catch (error) {
      if (store.getState().list === 'loading') store.setState({ list: 'failed' });
      throw error;
    }
  }

  /** Heads come over the broker, as pushes do: while they fail, pushes are lost too, and everything is asked for more often. */
  let headsFail = false;

  /** A chat whose head is known to be further than what came is fetched; marks that were lost are merged. */
  async function mergeHeads(): Promise<void> {
    const chatIds = Object.values(store.getState().chats).map((chat) => chat.id);
    if (chatIds.length === 0 || !live.isReady()) return;
    const { heads } = await live.request('heads', { chatIds: chatIds.slice(0, BATCH_IDS_MAX) }, headsAnswer);
    for (const chatId of chatIds) {
      const head = heads[chatId];
      if (head === undefined) continue;
      store.setState(withMarks(chatId, head.marks));
      if (store.getState().chats[chatId]?.timeline.loaded === true) {
        store.setState(withHistory(chatId, { messages: [], head }));
      }
    }
  }

  async function compareHeads(): Promise<void> {
    try {
      await mergeHeads();
      headsFail = false;
    } catch (error) {
      headsFail = true;
      log.info('heads are away: the list is read instead', error);
    }
    // The first page of the list shows what no head can: chats that are new, and counts of chats whose history isn't held.
    await catchUp({ whole: false });
  }

  async function poll(): Promise<void> {
    if (live.isReady()) return;
    try {
      await catchUp({ whole: store.getState().list !== 'ready' });
      if (live.isReady()) return;
      set('polling');
      // What answers over HTTP can be connected to, whatever the browser says of its network.
      live.resume();
      o.wakeSender();
    } catch (error) {
      if (!live.isReady()) set(device.isOnline() ? 'unreachable' : 'offline');
      throw error;
    }
  }

  const heads = startHeartbeat(
    compareHeads,
    () => (headsFail ? 2 * POLL_MS : HEADS_CHECK_MS) * (0.8 + 0.15 * random()),
    o.runtime,
  );
  const polling = startHeartbeat(poll, () => POLL_MS * (0.75 + 0.5 * random()), o.runtime);

  const backOnline = () => {
    if (store.getState().connection === 'offline') set('connecting');
    live.wake();
    polling.soon();
    o.wakeSender();
  };
  const wentOffline = () => {
    live.suspend();
    set('offline');
  };
  const unwatch = device.watch({ online: backOnline, offline: wentOffline });
  catchUp({ whole: true }).catch(note);

  return {
    catchUp,
    watchPresence: presence,
    heal: () => {
      sync.heal().then(acknowledge, note);
    },
    ready: () => {
      set('live');
      o.wakeSender();
      catchUp({ whole: true }).catch(note);
    },
    down: () => {
      o.signs.clear();
      if (store.getState().connection === 'live') set('connecting');
    },
    sendTyping: (chatId, typing) => {
      if (live.isReady()) live.request('typing', { chatId, typing }, typingAnswer).catch(note);
    },
    stop: () => {
      heads.stop();
      polling.stop();
      unwatch();
    },
  };
}
