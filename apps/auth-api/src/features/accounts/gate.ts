/** Too many wait already. */
export class GateFullError extends Error {
  override readonly name = 'GateFullError';
}

export type Gate = {
  /** @throws GateFullError at once when the queue is full, and whatever `task` throws */
  run<T>(task: () => Promise<T>): Promise<T>;
};

/** Lets `concurrency` tasks run at once and `queue` more wait, first come first served. */
export function createGate(o: { concurrency: number; queue: number }): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;

  return {
    run: async (task) => {
      if (running >= o.concurrency) {
        if (waiting.length >= o.queue) throw new GateFullError();
        // Whoever leaves hands its place over, so nobody who comes in between can take it.
        await new Promise<void>((enter) => waiting.push(enter));
      } else {
        running += 1;
      }
      try {
        return await task();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else running -= 1;
      }
    },
  };
}
