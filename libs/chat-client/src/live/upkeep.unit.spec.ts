import { HEADS_CHECK_MS } from '@parley/domain';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClientStore } from '../chat/client-state.ts';
import { ME } from '../chat/fixtures.fixture.ts';
import { ApiError, ConnectionError } from '../http/errors.ts';
import { silentDevice, systemRuntime, type Device } from '../ports.ts';
import type { LiveConnection } from './connection.ts';
import { startUpkeep, type Upkeep } from './upkeep.ts';

/** Upkeep over a connection that is `ready` or not; what it does is written down, and fails as `fails` says. */
function setUp(o: { ready: boolean; fails?: Record<string, Error> }) {
  const store = createClientStore(ME);
  const calls: string[] = [];
  const state = { ready: o.ready, fails: o.fails ?? {}, online: true };
  const live = {
    isReady: () => state.ready,
    request: () => Promise.reject(new Error('not in this spec')),
    wake: () => calls.push('wake connection'),
    suspend: () => calls.push('suspend'),
    resume: () => undefined,
    close: () => undefined,
  } satisfies LiveConnection;
  let watched: Parameters<Device['watch']>[0] | undefined;
  const device: Device = {
    isOnline: () => state.online,
    watch: (on) => {
      watched = on;
      return silentDevice.watch(on);
    },
  };
  const note =
    <T>(name: string, result: T) =>
    () => {
      calls.push(name);
      const failure = state.fails[name];
      return failure === undefined ? Promise.resolve(result) : Promise.reject(failure);
    };
  const upkeep = startUpkeep({
    live,
    store,
    catcher: { ask: note('ask', undefined), fetch: () => undefined, stop: () => undefined },
    runtime: { ...systemRuntime, log: { info: () => undefined, error: () => undefined } },
    device,
    fetchList: (options) => note(options.whole ? 'whole list' : 'top of list', undefined)(),
    compareHeads: note('heads', undefined),
    measureRoundTrip: note('ping', 12),
    watchPresence: note('presence', undefined),
    readPeople: note('people', undefined),
    clearTyping: () => undefined,
    wakeSender: () => calls.push('wake sender'),
  });
  const count = (name: string) => calls.filter((call) => call === name).length;
  return { store, state, upkeep, calls, count, device: () => watched };
}

describe('upkeep', () => {
  let upkeep: Upkeep | undefined;
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    upkeep?.stop();
    vi.useRealTimers();
  });

  it('compares heads and the top of the list while pushes arrive, and measures the way', async () => {
    const world = setUp({ ready: true });
    upkeep = world.upkeep;
    await vi.advanceTimersByTimeAsync(HEADS_CHECK_MS);
    expect([world.count('heads'), world.count('top of list'), world.count('whole list')]).toEqual([1, 1, 1]);
    expect(world.store.getState().roundTripMs).toBe(12);
    world.upkeep.down();
    expect(world.store.getState().roundTripMs).toBeNull();
  });

  it('reads profiles again every few minutes, and when somebody comes back to the page, but not at every glance', async () => {
    const world = setUp({ ready: true });
    upkeep = world.upkeep;
    await vi.advanceTimersByTimeAsync(4 * 60_000);
    expect(world.count('people')).toBe(1);
    await vi.advanceTimersByTimeAsync(20_000);
    for (let glance = 0; glance < 3; glance += 1) {
      world.device()?.online();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(world.count('people')).toBe(2);
    // All that was missed is read when the socket is back, profiles too.
    world.state.ready = false;
    await vi.advanceTimersByTimeAsync(20_000);
    world.device()?.online();
    await vi.advanceTimersByTimeAsync(0);
    expect(world.count('people')).toBe(2);
  });

  it('asks for everything instead, and more often, while heads fail', async () => {
    const world = setUp({ ready: true, fails: { heads: new ApiError('unavailable', '') } });
    upkeep = world.upkeep;
    await vi.advanceTimersByTimeAsync(2 * HEADS_CHECK_MS);
    expect(world.count('ask')).toBeGreaterThan(4);
  });

  it('asks over HTTP every few seconds without a socket, and says how it stands', async () => {
    const world = setUp({ ready: false });
    upkeep = world.upkeep;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(world.count('ask')).toBeGreaterThan(2);
    expect(world.count('heads')).toBe(0);
    expect(world.count('wake sender')).toBeGreaterThan(1);
    expect(world.store.getState().connection).toBe('polling');
    world.state.fails['ask'] = new ConnectionError('away');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(world.store.getState().connection).toBe('unreachable');
    world.state.online = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(world.store.getState().connection).toBe('offline');
    world.state.ready = true;
    world.upkeep.ready();
    expect(world.store.getState().connection).toBe('live');
  });

  it('lets go of the connection with the network, and takes it up again at once', () => {
    const world = setUp({ ready: true });
    upkeep = world.upkeep;
    world.device()?.offline();
    expect(world.store.getState().connection).toBe('offline');
    world.device()?.online();
    expect(world.store.getState().connection).toBe('connecting');
    expect(world.calls.filter((call) => /suspend|wake/.test(call))).toEqual([
      'suspend',
      'wake connection',
      'wake sender',
    ]);
  });
});
