import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `fn` again and again until it no longer throws, and gives what it returned.
 *
 * @param o.timeoutMs how long to keep trying (default 20,000 ms)
 * @param o.everyMs pause between two tries (default 50 ms)
 * @throws the last error of `fn` when time is up, so that the failed expectation is what a report shows
 */
export async function eventually<T>(
  fn: () => T | Promise<T>,
  o: { timeoutMs?: number; everyMs?: number } = {},
): Promise<Awaited<T>> {
  const deadline = performance.now() + (o.timeoutMs ?? 20_000);
  for (;;) {
    try {
      return await fn();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await sleep(o.everyMs ?? 50);
  }
}
