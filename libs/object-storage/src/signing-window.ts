import { createHash } from 'node:crypto';

/**
 * When to sign a URL so that it stays the same for a while: a signature names its time, so the time is rounded down to
 * the beginning of the current window. Windows of different keys begin at different times, so that a page full of
 * pictures doesn't fetch all of them anew at once.
 *
 * @param stableSeconds length of a window
 * @param atLeastSeconds how long the URL works from now on at least, also at the end of its window
 */
export function signingWindow(o: { key: string; now: Date; stableSeconds: number; atLeastSeconds: number }): {
  signedAt: Date;
  expiresInSeconds: number;
} {
  const now = Math.floor(o.now.getTime() / 1000);
  const shift = createHash('sha256').update(o.key).digest().readUInt32BE(0) % o.stableSeconds;
  const begin = Math.floor((now - shift) / o.stableSeconds) * o.stableSeconds + shift;
  return { signedAt: new Date(begin * 1000), expiresInSeconds: o.stableSeconds + o.atLeastSeconds };
}
