import fc from 'fast-check';
import { expect, it } from 'vitest';
import { signingWindow } from './signing-window.ts';

const HOUR = 3600;

it('is the same for an hour, never lies ahead, and always leaves the time that was asked for', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 1.7e9, max: 4e9 }),
      fc.integer({ min: 0, max: HOUR - 1 }),
      (key, second, later) => {
        const at = (s: number) =>
          signingWindow({ key, now: new Date(s * 1000), stableSeconds: HOUR, atLeastSeconds: 900 });
        const { signedAt, expiresInSeconds } = at(second);
        const begin = signedAt.getTime() / 1000;
        expect(begin).toBeLessThanOrEqual(second);
        expect(begin + expiresInSeconds - second).toBeGreaterThanOrEqual(900);
        expect(at(begin + later)).toEqual({ signedAt, expiresInSeconds });
        expect(at(begin + HOUR).signedAt).not.toEqual(signedAt);
      },
    ),
  );
});

it('begins at other times for other keys', () => {
  const begins = Array.from({ length: 50 }, (_, n) =>
    signingWindow({ key: `k${n}`, now: new Date(), stableSeconds: HOUR, atLeastSeconds: 900 }).signedAt.getTime(),
  );
  expect(new Set(begins).size).toBeGreaterThan(40);
});
