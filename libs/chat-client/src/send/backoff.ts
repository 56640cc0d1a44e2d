import type { Clock, Random } from '../ports.ts';

/**
 * Milliseconds to wait before the next try: full jitter, as "Exponential Backoff And Jitter" (AWS architecture blog) names it,
 * so that clients cut off together do not come back together.
 * @param attempt how many tries have failed, from 1
 */
export function fullJitter(attempt: number, o: { baseMs: number; maxMs: number; random: Random }): number {
  return o.random() * Math.min(o.maxMs, o.baseMs * 2 ** Math.min(attempt - 1, 20));
}

/** A wait that can be cut short: a network that came back is tried at once. */
export type Waiter = { wait(ms: number): Promise<void>; wake(): void };

export function createWaiter(clock: Clock): Waiter {
  const wakers = new Set<() => void>();
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const finish = () => {
          cancel();
          wakers.delete(finish);
          resolve();
        };
        const cancel = clock.schedule(finish, ms);
        wakers.add(finish);
      }),
    wake: () => {
      for (const finish of [...wakers]) finish();
    },
  };
}
