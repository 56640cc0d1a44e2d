import { createHash } from 'node:crypto';

/** SHA-256 in lower-case hex. */
export function sha256(preimage: string): string {
  return createHash('sha256').update(preimage).digest('hex');
}
