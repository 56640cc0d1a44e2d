import { eventually, newUserId } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPresenceStore, type PresenceStore } from './presence-store.ts';
import { RedisAwayError } from './redis-away-error.ts';
import { redisThroughProxy, untilUp, type RedisUnderTest } from './redis.fixture.spec.ts';

const TTL_MS = 400;

describe('createPresenceStore', () => {
  let test: RedisUnderTest;
  let presence: PresenceStore;

  beforeAll(async () => {
    test = await redisThroughProxy();
    presence = createPresenceStore(test.redis, { ttlMs: TTL_MS });
  });
  afterAll(() => test.end());

  it('has a user online from their first socket to their last', async () => {
    const userId = newUserId();
    expect(await presence.touch(userId, 'phone')).toEqual({ cameOnline: true });
    expect(await presence.touch(userId, 'laptop')).toEqual({ cameOnline: false });
    expect(await presence.touch(userId, 'phone')).toEqual({ cameOnline: false });
    expect((await presence.sockets(userId)).sort()).toEqual(['laptop', 'phone']);

    expect(await presence.remove(userId, 'phone')).toMatchObject({ wentOffline: false });
    expect(await presence.online([userId])).toEqual({ [userId]: { online: true, lastSeenAt: null } });
    const { wentOffline, lastSeenAt } = await presence.remove(userId, 'laptop');
    expect(wentOffline).toBe(true);
    expect(Math.abs(Date.now() - lastSeenAt.getTime())).toBeLessThan(5_000);
    expect(await presence.online([userId])).toEqual({
      [userId]: { online: false, lastSeenAt: lastSeenAt.toISOString() },
    });
    expect(await presence.sockets(userId)).toEqual([]);
  });

  it('leaves no ghost of a gateway that died, and keeps those that are refreshed', async () => {
    const [gone, here] = [newUserId(), newUserId()];
    const aliveFrom = Date.now();
    await presence.touch(gone, 'a');
    const aliveUntil = Date.now();
    await eventually(async () => {
      await presence.touch(here, 'b');
      const states = await presence.online([gone, here]);
      expect(states[gone]?.online).toBe(false);
      expect(states[here]?.online).toBe(true);
    });
    expect(Date.now() - aliveUntil).toBeGreaterThan(TTL_MS - 100);
    const state = (await presence.online([gone]))[gone];
    const lastSeen = new Date(state?.lastSeenAt ?? 0).getTime();
    expect(lastSeen).toBeGreaterThanOrEqual(aliveFrom - 50);
    expect(lastSeen).toBeLessThanOrEqual(aliveUntil + 50);
    expect(await presence.touch(gone, 'c')).toEqual({ cameOnline: true });
  });

  it('does not let one dead socket keep the user online beside a live one that leaves', async () => {
    const userId = newUserId();
    await presence.touch(userId, 'dead');
    await new Promise((resolve) => setTimeout(resolve, TTL_MS + 50));
    await presence.touch(userId, 'live');
    expect(await presence.remove(userId, 'live')).toMatchObject({ wentOffline: true });
  });

  it('tells exactly one of many that came at once that the user came online', async () => {
    const userId = newUserId();
    const touched = await Promise.all(Array.from({ length: 30 }, (_, n) => presence.touch(userId, `s${n}`)));
    expect(touched.filter(({ cameOnline }) => cameOnline)).toHaveLength(1);
    const removed = await Promise.all(Array.from({ length: 30 }, (_, n) => presence.remove(userId, `s${n}`)));
    expect(removed.filter(({ wentOffline }) => wentOffline)).toHaveLength(1);
  });

  it('knows nothing of a stranger, and takes an empty list', async () => {
    const stranger = newUserId();
    expect(await presence.online([stranger])).toEqual({ [stranger]: { online: false, lastSeenAt: null } });
    expect(await presence.online([])).toEqual({});
  });

  it('works after the scripts are gone from the server, as after its restart', async () => {
    await test.redis.client.scriptFlush();
    expect(await presence.touch(newUserId(), 'a')).toEqual({ cameOnline: true });
  });

  it('rejects while Redis is away and works when it is back', async () => {
    test.proxy.cut();
    await untilUp(test.redis, false);
    await expect(presence.online([newUserId()])).rejects.toThrow(RedisAwayError);
    test.proxy.restore();
    await untilUp(test.redis);
    expect(await presence.touch(newUserId(), 'a')).toEqual({ cameOnline: true });
  });
});
