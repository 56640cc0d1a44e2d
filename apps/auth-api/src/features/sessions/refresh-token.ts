import { createHash, randomBytes } from 'node:crypto';

/** What a refresh token consists of, hashed as it is stored. */
export type RefreshTokenHashes = { familyHash: string; secretHash: string };

const PART_BYTES = 32;
const TOKEN = /^([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/;

/**
 * A fresh refresh token: opaque, `<family>.<secret>`, 256 random bits each. All tokens of a session share the family part:
 * by it an old token is known as one that was genuine once, while a made-up one revokes nobody's session.
 *
 * @param family that of the session's earlier tokens; left out for a new session
 */
export function newRefreshToken(family: string = randomPart()): { token: string; family: string } & RefreshTokenHashes {
  const secret = randomPart();
  return { token: `${family}.${secret}`, family, familyHash: sha256(family), secretHash: sha256(secret) };
}

/** A token that was sent, taken apart; undefined for what can't be one. */
export function readRefreshToken(token: string): ({ family: string } & RefreshTokenHashes) | undefined {
  const [, family, secret] = TOKEN.exec(token) ?? [];
  if (family === undefined || secret === undefined) return undefined;
  return { family, familyHash: sha256(family), secretHash: sha256(secret) };
}

function randomPart(): string {
  return randomBytes(PART_BYTES).toString('base64url');
}

/** A plain hash is enough for what has 256 bits of entropy. */
function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
