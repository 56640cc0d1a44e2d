import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';

describe('eventually', () => {
  it('gives the first value that comes without an error', async () => {
    let tries = 0;
    const value = await eventually(
      () => {
        tries += 1;
        if (tries < 3) throw new Error('not yet');
        return tries;
      },
      { everyMs: 1 },
    );
    expect(value).toBe(3);
  });

  it('ends with the last error when time is up', async () => {
    let tries = 0;
    await expect(
      eventually(() => Promise.reject(new Error(`try ${++tries}`)), { timeoutMs: 20, everyMs: 1 }),
    ).rejects.toThrow(/^try \d+$/);
    expect(tries).toBeGreaterThan(1);
  });
});
