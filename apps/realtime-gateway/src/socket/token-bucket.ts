export type TokenBucket = {
  /** Takes one token if there is one. `nowMs` is any clock that doesn't go back. */
  take(nowMs: number): boolean;
};

/** The classic token bucket: `perSecond` tokens flow in, at most `burst` are kept. It starts full. */
export function createTokenBucket(o: { perSecond: number; burst: number; nowMs: number }): TokenBucket {
  let tokens = o.burst;
  let filledAt = o.nowMs;
  return {
    take: (nowMs) => {
      const elapsedMs = Math.max(0, nowMs - filledAt);
      tokens = Math.min(o.burst, tokens + (elapsedMs / 1_000) * o.perSecond);
      filledAt = Math.max(filledAt, nowMs);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
