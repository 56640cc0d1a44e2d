import { HttpProblem } from '@parley/http-server';

/** Runs what takes much memory: one thing a person, a few in all, the others wait, and beyond that nobody may. */
export type Turns = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/**
 * @param o.atOnce how many run
 * @param o.waiting how many may wait: of all, and of one person, so that nobody's pictures keep out everybody else's
 * @param o.waitMsMax how long: whoever waits longer is sent away while there is still somebody to hear why
 * @throws HttpProblem unavailable when too many wait, or one has waited too long
 */
export function createTurns(o: { atOnce: number; waiting: { all: number; person: number }; waitMsMax: number }): Turns {
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
    const own = waiting.filter((turn) => turn.key === key).length;
    if (waiting.length >= o.waiting.all || own >= o.waiting.person) throw busy();
    await new Promise<void>((resolve, reject) => {
      const turn = { key, begin: () => (clearTimeout(timer), resolve()) };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(turn), 1);
        reject(busy());
      }, o.waitMsMax);
      waiting.push(turn);
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

const busy = () => new HttpProblem('unavailable', 'Too many pictures are being worked on.', { retryAfterSeconds: 5 });
