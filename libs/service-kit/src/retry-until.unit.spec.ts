import { describe, expect, it } from 'vitest';
import { retryUntil } from './retry-until.ts';

describe('retryUntil', () => {
  it('tries until it succeeds, with pauses that grow up to a limit', async () => {
    const waits: number[] = [];
    const value = await retryUntil(
      () => {
        if (waits.length < 8) throw new Error('not yet');
        return 'up';
      },
      { minMs: 1, maxMs: 8, onRetry: (_error, attempt, waitMs) => void (waits[attempt] = waitMs) },
    );
    expect(value).toBe('up');
    expect(waits).toHaveLength(8);
    waits.forEach((wait, attempt) => expect(wait).toBeLessThanOrEqual(Math.min(8, 2 ** attempt)));
  });

  it('ends with the reason of its signal, in a pause too', async () => {
    const stop = new AbortController();
    const running = retryUntil(() => Promise.reject(new Error('down')), {
      signal: stop.signal,
      minMs: 60_000,
      maxMs: 60_000,
      onRetry: () => setImmediate(() => stop.abort(new Error('shutting down'))),
    });
    await expect(running).rejects.toThrow('shutting down');
  });
});
