import { createLogger, createMetrics } from '@parley/service-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGuard } from './guard.ts';
import { StorageError } from './storage-error.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
const away = () => Promise.reject(new Error('connect ECONNREFUSED'));
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof StorageError ? error.code : 'other'),
  );

describe('createGuard', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => vi.useRealTimers());

  it('asks no more after five failures, then one at a time, and all again once one succeeds', async () => {
    const guard = createGuard({ logger });
    const fn = vi.fn(away);
    for (let n = 0; n < 8; n += 1) expect(await codeOf(guard.run('head', 1000, fn))).toBe('unavailable');
    expect([fn.mock.calls.length, guard.isUp()]).toEqual([5, false]);

    vi.advanceTimersByTime(1001);
    let answer = (): void => undefined;
    const trial = guard.run('head', 1000, () => new Promise<void>((resolve) => (answer = resolve)));
    expect(await codeOf(guard.run('head', 1000, fn))).toBe('unavailable');
    expect(fn).toHaveBeenCalledTimes(5);
    answer();
    await trial;
    expect(guard.isUp()).toBe(true);
    expect(await codeOf(guard.run('head', 1000, () => Promise.resolve()))).toBe('ok');
  });

  it('goes on trying, one after another, while the trials fail', async () => {
    const guard = createGuard({ logger });
    const fn = vi.fn(away);
    for (let n = 0; n < 5; n += 1) await codeOf(guard.run('head', 1000, fn));
    for (let trial = 1; trial <= 3; trial += 1) {
      vi.advanceTimersByTime(1001);
      await codeOf(guard.run('head', 1000, fn));
      expect(fn).toHaveBeenCalledTimes(5 + trial);
    }
  });

  it('counts answers that refuse as answers, and tells outcomes as metrics', async () => {
    const metrics = createMetrics({ service: 'test' });
    const guard = createGuard({ logger, metrics });
    const refused = () => Promise.reject(new StorageError('refused', 'no'));
    for (let n = 0; n < 8; n += 1) expect(await codeOf(guard.run('put', 1000, refused))).toBe('refused');
    expect(guard.isUp()).toBe(true);
    expect(await metrics.registry.metrics()).toMatch(
      /object_storage_seconds_count\{service="test",operation="put",outcome="refused"\} 8/,
    );
  });
});
