import { eventually, newSessionId, newUserId } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redisThroughProxy, untilUp, type RedisUnderTest } from './redis.fixture.spec.ts';
import { createSessionStore, type SessionStore } from './session-store.ts';

describe('createSessionStore', () => {
  let test: RedisUnderTest;
  let sessions: SessionStore;

  beforeEach(async () => {
    test = await redisThroughProxy();
    sessions = createSessionStore(test.redis);
  });
  afterEach(() => test.end());

  it('has a session live until it is revoked', async () => {
    const sid = newSessionId();
    expect(await sessions.isLive(sid)).toBe(false);
    await sessions.put(sid, newUserId(), 60);
    expect(await sessions.isLive(sid)).toBe(true);
    expect(await test.redis.client.ttl(test.redis.key(`session:${sid}`))).toBeGreaterThan(55);
    await sessions.revoke(sid);
    expect(await sessions.isLive(sid)).toBe(false);
  });

  it('does not revive a revoked session by a refresh that was on its way', async () => {
    const sid = newSessionId();
    await sessions.revoke(sid);
    await sessions.put(sid, newUserId(), 60);
    expect(await sessions.isLive(sid)).toBe(false);
  });

  it('takes every session as live while Redis is away, and writes what it missed afterwards', async () => {
    const [revoked, fresh] = [newSessionId(), newSessionId()];
    await sessions.put(revoked, newUserId(), 60);
    test.proxy.cut();
    await untilUp(test.redis, false);

    await sessions.revoke(revoked);
    await sessions.put(fresh, newUserId(), 60);
    expect(await sessions.isLive(revoked)).toBe(true);

    test.proxy.restore();
    await eventually(async () => {
      expect(test.redis.isUp()).toBe(true);
      expect(await sessions.isLive(revoked)).toBe(false);
      expect(await sessions.isLive(fresh)).toBe(true);
    });
  });
});
