import type { SessionId, UserId } from '@parley/domain';

/** What a valid access token says: who (`sub`), by which sign-in (`sid`), from when until when (both in seconds since 1970). */
export type AccessClaims = { sub: UserId; sid: SessionId; iat: number; exp: number };

export const TOKEN_USE = 'access';

/**
 * The claims of a token whose signature, `iss`, `aud` and times were verified; undefined where one is missing or wrong.
 * An absent `exp` or `aud` would pass passport-jwt, and a signed token made for another use must not open doors.
 */
export function accessClaims(payload: unknown): AccessClaims | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { sub, sid, iat, exp, iss, aud, token_use } = payload as Record<string, unknown>;
  const named = isName(sub) && isName(sid) && isName(iss) && aud !== undefined;
  if (!named || typeof iat !== 'number' || typeof exp !== 'number' || token_use !== TOKEN_USE) return undefined;
  return { sub: sub as UserId, sid: sid as SessionId, iat, exp };
}

function isName(claim: unknown): claim is string {
  return typeof claim === 'string' && claim !== '';
}
