import { HEADS_CHECK_MS } from '@parley/domain';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClientStore, withChats, withHistory } from '../chat/client-state.ts';
import { CHAT, chatOf, ME, messagesOf, OTHER } from '../chat/fixtures.fixture.ts';
import { ApiError, ConnectionError } from '../http/errors.ts';
import type { LiveConnection } from './connection.ts';
import { silentDevice, systemRuntime } from '../ports.ts';
import { startUpkeep, type Upkeep } from './upkeep.ts';

const HEAD = { seq: 3, rev: 3, hash: 'a'.repeat(64), marks: { [OTHER]: { delivered: 2, seen: 2 } } };

/** Upkeep of one loaded chat, over a connection that is `ready` or not and answers heads or fails. */
function setUp(o: { ready: boolean; heads?: Error; list?: Error }) {
  const store = createClientStore(ME);
  store.setState(withChats([chatOf(2)]));
  store.setState(withHistory(CHAT, { messages: messagesOf(1, 2), head: { seq: 2 } }));
  const calls: string[] = [];
  const state = { ...o };
  const live: LiveConnection = {
    isReady: () => state.ready,
    request: async (event, _payload, answer) => {
      calls.push(event);
      await Promise.resolve();
      if (state.heads !== undefined) throw state.heads;
      return answer.parse(event === 'heads' ? { heads: { [CHAT]: HEAD } } : { presence: {} });
    },
    wake: () => undefined,
    suspend: () => undefined,
    resume: () => undefined,
    close: () => undefined,
  };
  const note = (name: string) => () => {
    calls.push(name);
    return state.list === undefined ? Promise.resolve() : Promise.reject(state.list);
  };
  const upkeep = startUpkeep({
    exchange: () => Promise.reject(new ConnectionError('not in this spec')),
    live,
    store,
    sync: { all: note('list'), heal: note('heal'), chat: note('chat'), older: note('older') },
    receipts: { report: (kind, _chatId, seq) => calls.push(`${kind} ${seq}`), stop: () => undefined },
    signs: { show: () => undefined, clear: () => undefined },
    runtime: systemRuntime,
    device: silentDevice,
    wakeSender: () => calls.push('wake'),
  });
  const count = (name: string) => calls.filter((call) => call === name).length;
  return { store, state, upkeep, calls, count };
}

describe('upkeep', () => {
  let upkeep: Upkeep | undefined;
  beforeEach(() => {
    vi.useFakeTimers();
    // What fails here on purpose is noted on the console of a browser.
    vi.spyOn(console, 'info').mockReturnValue();
  });
  afterEach(() => {
    upkeep?.stop();
    vi.useRealTimers();
  });

  it('compares heads while pushes arrive, and learns of what was lost', async () => {
    const world = setUp({ ready: true });
    upkeep = world.upkeep;
    await vi.advanceTimersByTimeAsync(HEADS_CHECK_MS);
    const chat = world.store.getState().chats[CHAT];
    expect(world.count('heads')).toBe(1);
    expect(chat?.timeline.head).toBe(3);
    expect(chat?.marks[OTHER]).toEqual({ delivered: 2, seen: 2 });
    expect(world.count('list')).toBe(2);
  });

  it('reads the list instead, and more often, while heads fail', async () => {
    const world = setUp({ ready: true, heads: new ApiError('unavailable', '') });
    upkeep = world.upkeep;
    await vi.advanceTimersByTimeAsync(2 * HEADS_CHECK_MS);
    expect(world.count('list')).toBeGreaterThan(4);
  });

  it('asks over HTTP every few seconds without a socket, and says how it stands', async () => {
    const world = setUp({ ready: false });
    upkeep = world.upkeep;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(world.count('list')).toBeGreaterThan(2);
    expect(world.count('heads')).toBe(0);
    expect(world.count('wake')).toBeGreaterThan(1);
    expect(world.store.getState().connection).toBe('polling');
    world.state.list = new ConnectionError('away');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(world.store.getState().connection).toBe('unreachable');
    world.state.ready = true;
    world.upkeep.ready();
    expect(world.store.getState().connection).toBe('live');
  });

  it('acknowledges what is held without a gap', async () => {
    const world = setUp({ ready: true });
    upkeep = world.upkeep;
    world.store.setState(withHistory(CHAT, { messages: messagesOf(3, 3), head: { seq: 3 } }));
    world.upkeep.heal();
    await vi.advanceTimersByTimeAsync(10);
    expect(world.calls).toContain('delivered 3');
  });
});
