import { HttpProblem } from '@parley/http-server';

/** Whoever waited longer has given up: RPC callers after 5 s. */
const WAIT_MAX_MS = 5_000;

export type Lanes = {
  /**
   * Runs `work` once everything that was handed in before it for the same key has ended.
   * @throws HttpProblem `unavailable` when its turn comes too late for anybody to care
   */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
};

/** One thing at a time for each chat, in the order of asking, chats beside each other. */
export function createLanes(waitMaxMs = WAIT_MAX_MS): Lanes {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run: async (key, work) => {
      const askedAt = performance.now();
      const before = tails.get(key);
      const turn = (async () => {
        await before;
        if (before && performance.now() - askedAt > waitMaxMs) {
          throw new HttpProblem('unavailable', 'This chat is too busy.', { retryAfterSeconds: 1 });
        }
        return work();
      })();
      // The next one waits for the end of this one, whatever the end is.
      const tail = turn.then(
        () => undefined,
        () => undefined,
      );
      tails.set(key, tail);
      try {
        return await turn;
      } finally {
        if (tails.get(key) === tail) tails.delete(key);
      }
    },
  };
}
