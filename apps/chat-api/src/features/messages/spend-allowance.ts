import { HttpProblem } from '@parley/http-server';
import { LRUCache } from 'lru-cache';
import type { UserId } from '@parley/domain';

const BURST_SECONDS = 10;
const REMEMBERED_PEOPLE = 100_000;

type Bucket = { tokens: number; at: number };

/**
 * A token bucket a person: `perSecond` messages kept up, ten times as many at once; 0 limits nothing.
 *
 * In the process's memory on purpose: it stops a client that runs away, it is no accounting. A limit shared over Redis would cost
 * every message a round trip, to be exact about a number that is generous anyway; with n instances it is at most n times as high.
 *
 * @throws HttpProblem rate_limited
 */
export function createSpendAllowance(o: { perSecond: number; now?: () => number }): (userId: UserId) => void {
  const now = o.now ?? (() => performance.now());
  const capacity = o.perSecond * BURST_SECONDS;
  const buckets = new LRUCache<UserId, Bucket>({ max: REMEMBERED_PEOPLE });

  return (userId) => {
    if (o.perSecond === 0) return;
    const at = now();
    const bucket = buckets.get(userId) ?? { tokens: capacity, at };
    bucket.tokens = Math.min(capacity, bucket.tokens + ((at - bucket.at) / 1_000) * o.perSecond);
    bucket.at = at;
    buckets.set(userId, bucket);
    if (bucket.tokens < 1) {
      throw new HttpProblem('rate_limited', 'You are sending too many messages.', { retryAfterSeconds: 1 });
    }
    bucket.tokens -= 1;
  };
}
