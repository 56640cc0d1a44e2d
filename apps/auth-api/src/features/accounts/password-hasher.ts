import { randomBytes } from 'node:crypto';
import { argon2id, hash, needsRehash, verify } from 'argon2';
import { createGate } from './gate.ts';

/** OWASP Password Storage Cheat Sheet, the second of its equal choices: 19 MiB, two passes, one lane. */
const PARAMETERS = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export type PasswordHasher = {
  hash(password: string): Promise<string>;
  /** Whether it is the password of `passwordHash`. Without a hash (nobody of that name) it takes as long and is false. */
  matches(password: string, passwordHash: string | undefined): Promise<boolean>;
  /** Whether a hash was made with other parameters than today's. */
  isOutdated(passwordHash: string): boolean;
};

/**
 * Hashes with argon2id in libuv's thread pool, so the event loop goes on.
 *
 * @param o.concurrency how many at once; each takes 19 MiB and a core
 * @param o.queue how many may wait, for `maxWaitMs` at most; others are refused with `GateFullError`
 */
export async function createPasswordHasher(o: {
  concurrency: number;
  queue: number;
  maxWaitMs: number;
}): Promise<PasswordHasher> {
  const gate = createGate(o);
  const nobodysHash = await hash(randomBytes(16).toString('hex'), PARAMETERS);

  return {
    hash: (password) => gate.run(() => hash(normalised(password), PARAMETERS)),
    matches: (password, passwordHash) =>
      gate.run(async () => {
        const isEqual = await verify(passwordHash ?? nobodysHash, normalised(password));
        return isEqual && passwordHash !== undefined;
      }),
    isOutdated: (passwordHash) => needsRehash(passwordHash, PARAMETERS),
  };
}

/** NIST SP 800-63B, 3.1.1.2: keyboards type one and the same text as different code points. */
function normalised(password: string): string {
  return password.normalize('NFKC');
}
