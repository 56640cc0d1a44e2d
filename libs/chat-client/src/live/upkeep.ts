import { HEADS_CHECK_MS } from '@parley/domain';
import type { ClientStore, Connection } from '../chat/client-state.ts';
import type { Device, Runtime } from '../ports.ts';
import type { Catcher } from './catcher.ts';
import type { LiveConnection } from './connection.ts';
import { startHeartbeat } from './heartbeat.ts';

const POLL_MS = 3_000;
const PING_MS = 15_000;
/** Profiles change seldom, and cost a request of every client. */
const PEOPLE_MS = 3 * 60_000;
/** As old as they may be when somebody comes back to the page. */
const PEOPLE_FRESH_MS = 15_000;

/**
 * Keeps what this client holds equal to what the server has: catches up whenever the socket is ready, compares heads every
 * half minute while it is, and asks over HTTP every few seconds while it is not. Profiles are read again every few minutes, and when somebody comes back.
 */
export type Upkeep = {
  ready(): void;
  down(): void;
  /** Fetches the list and whatever is missing. `whole`: all of the list. */
  catchUp(o: { whole: boolean }): Promise<void>;
  stop(): void;
};

export type UpkeepPorts = {
  live: LiveConnection;
  store: ClientStore;
  catcher: Catcher;
  runtime: Runtime;
  device: Device;
  fetchList(o: { whole: boolean }): Promise<void>;
  compareHeads(): Promise<void>;
  measureRoundTrip(): Promise<number>;
  watchPresence(): Promise<void>;
  /** Profiles of the people in the list, which are also read with the whole list. */
  readPeople(): Promise<void>;
  clearTyping(): void;
  wakeSender(): void;
};

export function startUpkeep(o: UpkeepPorts): Upkeep {
  const { store, live, device } = o;
  const { log, random, clock } = o.runtime;
  const note = (error: unknown) => log.info('the next comparison will tell', error);
  const set = (connection: Connection) => store.setState({ connection });

  let peopleReadAt = Number.NEGATIVE_INFINITY;

  async function catchUp(options: { whole: boolean }): Promise<void> {
    if (options.whole) peopleReadAt = clock.now();
    try {
      await o.fetchList(options);
      await o.catcher.ask();
    } catch (error) {
      if (store.getState().list === 'loading') store.setState({ list: 'failed' });
      throw error;
    }
    o.watchPresence().catch(note);
  }

  /** Heads come over the broker, as pushes do: while they fail, pushes are lost too, and everything is asked for more often. */
  let headsFail = false;

  async function check(): Promise<void> {
    if (!live.isReady()) return;
    try {
      await o.compareHeads();
      headsFail = false;
    } catch (error) {
      headsFail = true;
      log.info('heads are away: everything is asked for instead', error);
      await o.catcher.ask();
    }
    // The top of the list shows what no head can: chats that are new, and counts of chats whose history isn't held.
    await o.fetchList({ whole: false });
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

  async function ping(): Promise<void> {
    if (!live.isReady()) return;
    const roundTripMs = await o.measureRoundTrip().catch(() => null);
    store.setState({ roundTripMs: live.isReady() ? roundTripMs : null });
  }

  async function readPeople(): Promise<void> {
    if (!live.isReady() || clock.now() - peopleReadAt < PEOPLE_FRESH_MS) return;
    peopleReadAt = clock.now();
    await o.readPeople();
  }

  const nextCheckMs = () => (headsFail ? 2 * POLL_MS : HEADS_CHECK_MS) * (0.8 + 0.15 * random());
  const heads = startHeartbeat(check, nextCheckMs, o.runtime);
  const polling = startHeartbeat(poll, () => POLL_MS * (0.75 + 0.5 * random()), o.runtime);
  const people = startHeartbeat(readPeople, () => PEOPLE_MS * (0.8 + 0.4 * random()), o.runtime);
  const pinging = startHeartbeat(ping, () => PING_MS * (0.9 + 0.2 * random()), o.runtime);

  const backOnline = () => {
    if (store.getState().connection === 'offline') set('connecting');
    live.wake();
    polling.soon();
    people.soon();
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
    ready: () => {
      set('live');
      o.wakeSender();
      pinging.soon();
      catchUp({ whole: true }).catch(note);
    },
    down: () => {
      o.clearTyping();
      const { connection } = store.getState();
      store.setState({ roundTripMs: null, ...(connection === 'live' ? { connection: 'connecting' } : {}) });
    },
    stop: () => {
      o.catcher.stop();
      heads.stop();
      polling.stop();
      people.stop();
      pinging.stop();
      unwatch();
    },
  };
}
