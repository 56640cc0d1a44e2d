/** What a session knows of its refresh tokens: hashes of their secret parts. */
export type RefreshState = {
  /** Those that are good now: one, or several where a token was sent more than once within the grace. */
  current: string[];
  /** Those that the current ones replaced. */
  previous: string[];
  /** When they were replaced; the session's start before the first time. */
  rotatedAt: Date;
  expiresAt: Date;
  revokedAt?: Date;
};

export type RefreshDecision =
  | { kind: 'refuse' }
  /** An old token: somebody else has, or had, this session's tokens. */
  | { kind: 'revoke' }
  | { kind: 'rotate'; next: Pick<RefreshState, 'current' | 'previous' | 'rotatedAt'> };

/** How long a token that was just replaced may come again. */
export const GRACE_MS = 10_000;
/** Browsers restore that many tabs at once; beyond it the oldest answers, long overwritten in the cookie, lapse. */
const SIBLINGS_MAX = 32;

/**
 * What becomes of a refresh: OAuth 2.0 Security BCP (RFC 9700, 4.14.2), rotation with detection of reuse, and a grace for two
 * tabs that refresh at once or an answer that was lost.
 *
 * A current token is replaced: `fresh` becomes the only current one, and all that were current become `previous`. A previous
 * one that comes within the grace gets `fresh` as a sibling of the current ones, and the grace is not prolonged. Whichever
 * sibling is used first then makes the others `previous`. So a thief who gets in by the grace is found out like any other:
 * thief and owner hold different siblings, and as soon as one was used, the other's next use is an old token. Anything else
 * that carries the family part was good once and is not now: the family ends.
 */
export function decideRefresh(
  state: RefreshState,
  o: { presented: string; fresh: string; now: Date },
): RefreshDecision {
  if (state.revokedAt || state.expiresAt <= o.now) return { kind: 'refuse' };
  if (state.current.includes(o.presented)) {
    return { kind: 'rotate', next: { current: [o.fresh], previous: state.current, rotatedAt: o.now } };
  }
  const isInGrace = o.now.getTime() - state.rotatedAt.getTime() <= GRACE_MS;
  if (!isInGrace || !state.previous.includes(o.presented)) return { kind: 'revoke' };
  const current = [...state.current, o.fresh].slice(-SIBLINGS_MAX);
  return { kind: 'rotate', next: { current, previous: state.previous, rotatedAt: state.rotatedAt } };
}
