import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRateLimiter } from './rate-limiter.ts';
import { redisThroughProxy, untilUp, type RedisUnderTest } from './redis.fixture.spec.ts';

describe('createRateLimiter', () => {
  let test: RedisUnderTest;

  beforeEach(async () => {
    test = await redisThroughProxy();
  });
  afterEach(() => test.end());

  it('allows the points of a window, for all instances together, and each key for itself', async () => {
    const options = { name: 'login', points: 3, durationSeconds: 30 };
    const [one, two] = [createRateLimiter(test.redis, options), createRateLimiter(test.redis, options)];
    const results = [
      await one.consume('ada'),
      await two.consume('ada'),
      await one.consume('ada'),
      await two.consume('ada'),
    ];
    expect(results.map(({ allowed }) => allowed)).toEqual([true, true, true, false]);
    expect(results[3]?.retryAfterSeconds).toBeGreaterThan(25);
    expect(results[3]?.retryAfterSeconds).toBeLessThanOrEqual(30);
    expect(await one.consume('bob')).toEqual({ allowed: true, retryAfterSeconds: 0 });

    await one.reset('ada');
    expect(await two.consume('ada')).toMatchObject({ allowed: true });
  });

  it('opens again when the window ends, and blocks for longer when told so', async () => {
    const short = createRateLimiter(test.redis, { name: 'short', points: 1, durationSeconds: 1 });
    expect(await short.consume('ada')).toMatchObject({ allowed: true });
    expect(await short.consume('ada')).toMatchObject({ allowed: false, retryAfterSeconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await short.consume('ada')).toMatchObject({ allowed: true });

    const blocking = createRateLimiter(test.redis, { name: 'block', points: 1, durationSeconds: 1, blockSeconds: 60 });
    await blocking.consume('ada');
    expect((await blocking.consume('ada')).retryAfterSeconds).toBe(60);
  });

  it('still limits, each instance for itself, while Redis is away', async () => {
    const limiter = createRateLimiter(test.redis, { name: 'away', points: 2, durationSeconds: 30 });
    test.proxy.cut();
    await untilUp(test.redis, false);
    const results = [await limiter.consume('ada'), await limiter.consume('ada'), await limiter.consume('ada')];
    expect(results.map(({ allowed }) => allowed)).toEqual([true, true, false]);
    expect(results[2]?.retryAfterSeconds).toBeGreaterThan(25);
  });
});
