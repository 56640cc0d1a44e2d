import { createTokenBucket } from './token-bucket.ts';

export type EventLimits = { perSecond: number; burst: number };

/** `refuse`: answer that it is too much. `cut`: this isn't a client that waits when it is told to. */
export type FloodVerdict = 'pass' | 'refuse' | 'cut';

/** A client may run into the limit for a while; after this many refusals beyond `perSecond` / 2 a second it is cut. */
const REFUSALS_BEFORE_CUT = 1_000;

/** Judges each event of one socket, so that one that floods costs the others nothing. */
export function createFloodGuard(limits: EventLimits, nowMs: number): (nowMs: number) => FloodVerdict {
  const events = createTokenBucket({ ...limits, nowMs });
  const refusals = createTokenBucket({ perSecond: limits.perSecond / 2, burst: REFUSALS_BEFORE_CUT, nowMs });
  return (now) => {
    if (events.take(now)) return 'pass';
    return refusals.take(now) ? 'refuse' : 'cut';
  };
}
