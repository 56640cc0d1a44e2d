import { describe, expect, it } from 'vitest';
import { sumOf } from '../measure.ts';
import { findEjabberd } from './find-ejabberd.ts';
import { measureEjabberd } from './measure-ejabberd.ts';

const programs = findEjabberd();

/** Only where it is installed: nobody needs it to work on Parley. */
describe.runIf(typeof programs !== 'string')('ejabberd, with its archive in PostgreSQL', () => {
  it.each([
    { manner: 'closed loop', openRate: undefined },
    { manner: 'open loop', openRate: 50 },
  ])('is driven to the end without a message lost: $manner', async ({ openRate }) => {
    if (typeof programs === 'string') throw new Error(programs);
    const o = { pairs: 2, drivers: 2, openRate, seconds: 1, warmupSeconds: 1, progress: () => undefined };
    const result = await measureEjabberd(programs, o);
    expect(result).toMatchObject({ lost: 0, doubled: 0, stalls: 0, errors: {} });
    expect(result.deliveries).toBeGreaterThan(20);
    expect(result.receipts).toBeGreaterThan(20);
    expect(result.acknowledged).toBeGreaterThan(result.deliveries);
    expect(sumOf(result.cpu)).toBeGreaterThan(0);
  });
});
