import { HttpProblem } from '@parley/http-server';

/** Runs what takes much memory: one thing a person, a few in all, the others wait, and beyond that nobody may. */
export type Turns = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/**
 * @param o.atOnce how many run
 * @param o.waiting how many may wait
 * @throws HttpProblem unavailable when too many wait
 */
export function createTurns(o: { atOnce: number; waiting: number }): Turns {
  const waiting: { key: string; begin(): void }[] = [];
  const running = new Set<string>();

  const next = (): void => {
    for (const [index, { key, begin }] of waiting.entries()) {
      if (running.size >= o.atOnce) return;
      if (running.has(key)) continue;
      waiting.splice(index, 1);
      running.add(key);
      begin();
      next();
      return;
    }
  };

  return async (key, work) => {
    if (waiting.length >= o.waiting) {
      throw new HttpProblem('unavailable', 'Too many pictures are being worked on.', { retryAfterSeconds: 5 });
    }
    await new Promise<void>((begin) => {
      waiting.push({ key, begin });
      next();
    });
    try {
      return await work();
    } finally {
      running.delete(key);
      next();
    }
  };
}
