import { argon2id, hash } from 'argon2';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPasswordHasher, type PasswordHasher } from './password-hasher.ts';

let passwords: PasswordHasher;
beforeAll(async () => {
  passwords = await createPasswordHasher({ concurrency: 2, queue: 100, maxWaitMs: 10_000 });
});

/** Microseconds of CPU, the least of some tries: unlike time on a clock it doesn't hang on what else the machine does. */
async function leastCpu(task: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let tries = 0; tries < 5; tries += 1) {
    const before = process.cpuUsage();
    await task();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, user + system);
  }
  return best;
}

describe('createPasswordHasher', () => {
  it('hashes with argon2id and the parameters of the design, salted', async () => {
    const [one, two] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await passwords.matches('correct horse', one)).toBe(true);
    expect(await passwords.matches('Correct horse', one)).toBe(false);
  });

  it('takes one text for one password, however a keyboard composes it', async () => {
    expect(await passwords.matches('Cafe\u0301 mu\u0308de', await passwords.hash('Caf\u00e9 m\u00fcde'))).toBe(true);
  });

  it('works as hard for nobody as for somebody', async () => {
    const somebody = await passwords.hash('correct horse');
    const known = await leastCpu(() => passwords.matches('wrong', somebody));
    const unknown = await leastCpu(() => passwords.matches('wrong', undefined));
    expect(await passwords.matches('wrong', undefined)).toBe(false);
    expect(unknown).toBeGreaterThan(known * 0.4);
    expect(unknown).toBeLessThan(known / 0.4);
  });

  it('knows a hash of other parameters, which still verifies', async () => {
    const old = await hash('correct horse', { type: argon2id, memoryCost: 4_096, timeCost: 3, parallelism: 1 });
    expect(await passwords.matches('correct horse', old)).toBe(true);
    expect(passwords.isOutdated(old)).toBe(true);
    expect(passwords.isOutdated(await passwords.hash('correct horse'))).toBe(false);
  });

  it('leaves the event loop free', async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    await Promise.all(Array.from({ length: 12 }, () => passwords.hash('correct horse')));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
  });
});
