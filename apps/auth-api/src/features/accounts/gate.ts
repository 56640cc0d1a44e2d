/** Too many wait already, or it took too long. */
export class GateFullError extends Error {
  override readonly name = 'GateFullError';
}

export type Gate = {
  /**
   * @throws GateFullError at once when the queue is full, or without having run when the turn came too late; and whatever
   *   `task` throws
   */
  run<T>(task: () => Promise<T>): Promise<T>;
};

type Waiting = { since: number; enter(): void; refuse(error: GateFullError): void };

/**
 * Lets `concurrency` tasks run at once and `queue` more wait, first come first served, for at most `maxWaitMs`: work for
 * somebody who has given up waiting would only make the next one wait, too.
 */
export function createGate(o: { concurrency: number; queue: number; maxWaitMs: number }): Gate {
  const waiting: Waiting[] = [];
  let running = 0;

  const leave = (): void => {
    const now = performance.now();
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      // The place is handed over, so that nobody who comes in between can take it.
      if (now - next.since <= o.maxWaitMs) return next.enter();
      next.refuse(new GateFullError('waited too long'));
    }
    running -= 1;
  };

  return {
    run: async (task) => {
      if (running < o.concurrency) running += 1;
      else if (waiting.length >= o.queue) throw new GateFullError('too many wait');
      else await new Promise<void>((enter, refuse) => waiting.push({ since: performance.now(), enter, refuse }));
      try {
        return await task();
      } finally {
        leave();
      }
    },
  };
}
