import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Redis } from './connect-redis.ts';

export type RateLimit = {
  /** Whether it was within the limit. */
  allowed: boolean;
  /** Whole seconds until it may be tried again; 0 when it was allowed. */
  retryAfterSeconds: number;
};

export type RateLimiter = {
  /** Takes `points` (default 1) of what `key` has left. Never rejects because of Redis. */
  consume(key: string, points?: number): Promise<RateLimit>;
  /** Forgets what `key` consumed. */
  reset(key: string): Promise<void>;
};

/**
 * Counts `points` in each window of `durationSeconds` a key, for all instances together; while Redis is away each
 * instance counts for itself. A key that exceeds it is blocked for `blockSeconds` (default: until its window ends).
 */
export function createRateLimiter(
  redis: Redis,
  o: { name: string; points: number; durationSeconds: number; blockSeconds?: number },
): RateLimiter {
  const limits = {
    points: o.points,
    duration: o.durationSeconds,
    blockDuration: o.blockSeconds ?? 0,
    keyPrefix: redis.key(`limit:${o.name}`),
  };
  const alone = new RateLimiterMemory(limits);
  const together = new RateLimiterRedis({
    ...limits,
    storeClient: redis.client,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
  });
  const ask = async <T>(fn: (limiter: RateLimiterMemory | RateLimiterRedis) => Promise<T>): Promise<T> => {
    try {
      return await redis.ask(() => fn(together));
    } catch (refused) {
      // The library rejects with its result, which is no Error, when the limit is exceeded.
      if (refused instanceof RateLimiterRes) throw refused;
      redis.logger.debug({ err: refused, limit: o.name }, 'rate limit counted without redis');
      return fn(alone);
    }
  };

  return {
    consume: async (key, points = 1) => {
      try {
        await ask((limiter) => limiter.consume(key, points));
        return { allowed: true, retryAfterSeconds: 0 };
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(refused.msBeforeNext / 1_000)) };
      }
    },
    reset: async (key) => {
      await alone.delete(key);
      await ask((limiter) => limiter.delete(key));
    },
  };
}
