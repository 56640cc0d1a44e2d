import { eventually } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RedisAwayError } from './redis-away-error.ts';
import { redisThroughProxy, untilUp, type RedisUnderTest } from './redis.fixture.spec.ts';

describe('connectRedis', () => {
  const unhandled = vi.fn();
  let test: RedisUnderTest | undefined;

  beforeEach(() => void process.on('unhandledRejection', unhandled));
  afterEach(async () => {
    await test?.end();
    await new Promise(setImmediate);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('returns while Redis is away, refuses at once, and connects when it comes', async () => {
    test = await redisThroughProxy({ cut: true });
    const { redis, proxy } = test;
    const startedAt = performance.now();
    await expect(redis.ask((client) => client.get('x'))).rejects.toThrow(RedisAwayError);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(redis.isUp()).toBe(false);

    proxy.restore();
    await untilUp(redis);
    expect(await redis.ask((client) => client.ping())).toBe('PONG');
  });

  it('survives a lost connection, with commands running and a subscriber, and comes back by itself', async () => {
    test = await redisThroughProxy();
    const { redis, proxy } = test;
    const subscriber = redis.duplicate('sub');
    await eventually(() => expect(subscriber.isReady).toBe(true));
    const heard: string[] = [];
    const channel = redis.key('channel');
    await subscriber.subscribe(channel, (message) => heard.push(message));

    const running = Array.from({ length: 20 }, () => redis.ask((client) => client.blPop(redis.key('never'), 0)));
    proxy.cut();
    const ended = await Promise.allSettled(running);
    expect(ended.every(({ status }) => status === 'rejected')).toBe(true);
    await untilUp(redis, false);

    proxy.restore();
    await untilUp(redis);
    await eventually(async () => {
      await redis.client.publish(channel, 'back');
      expect(heard).toContain('back');
    });
  });

  it('counts a server that says nothing as away, and notices when it speaks again', async () => {
    test = await redisThroughProxy();
    const { redis, proxy } = test;
    proxy.pause();
    await untilUp(redis, false);
    await expect(redis.ask((client) => client.get('x'))).rejects.toThrow(RedisAwayError);
    proxy.resume();
    await untilUp(redis);
  });

  it('closes while it is away, and stays closed', async () => {
    test = await redisThroughProxy({ cut: true });
    await test.redis.close();
    test.proxy.restore();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(test.redis.client.isOpen).toBe(false);
    expect(test.redis.isUp()).toBe(false);
  });
});
