import type { ChatId } from '@parley/domain';
import type { Runtime } from '../ports.ts';
import { ApiError } from '../http/errors.ts';
import { createWaiter, fullJitter } from './backoff.ts';

/** What came of one try. */
export type Outcome = { kind: 'empty' } | { kind: 'done' } | { kind: 'failed'; error: unknown };

export type Drain = {
  /** There is something of this chat to do. */
  start(chatId: ChatId): void;
  /** Tries at once whatever waits for its next try. */
  wake(): void;
  stop(): void;
};

const BACKOFF = { baseMs: 500, maxMs: 15_000 };

/**
 * Does what a chat has in store one by one, until nothing is left; what failed on its way is tried again for ever, with full jitter.
 * @param o.tryNext reads what is next anew each time: another tab may have done it, changed it or taken it out
 * @param o.exclusive runs alone among all tabs. It is let go between tries: a tab without a network must not hold up one that has it
 */
export function createDrain(o: {
  runtime: Runtime;
  tryNext(chatId: ChatId): Promise<Outcome>;
  exclusive(chatId: ChatId, run: () => Promise<Outcome>): Promise<Outcome>;
}): Drain {
  const { runtime } = o;
  const draining = new Map<ChatId, { again: boolean }>();
  const waiter = createWaiter(runtime.clock);
  let stopped = false;

  async function drain(chatId: ChatId, state: { again: boolean }): Promise<void> {
    let attempt = 1;
    while (!stopped) {
      state.again = false;
      const outcome = await o.exclusive(chatId, async () => (stopped ? { kind: 'empty' } : o.tryNext(chatId)));
      if (outcome.kind === 'empty' && !state.again) break;
      if (outcome.kind === 'failed') {
        const asked = outcome.error instanceof ApiError ? (outcome.error.retryAfterMs ?? 0) : 0;
        await waiter.wait(asked + fullJitter(attempt, { ...BACKOFF, random: runtime.random }));
        attempt += 1;
      } else attempt = 1;
    }
    draining.delete(chatId);
  }

  return {
    start: (chatId) => {
      const running = draining.get(chatId);
      if (running !== undefined) {
        running.again = true;
        return;
      }
      const state = { again: false };
      draining.set(chatId, state);
      drain(chatId, state).catch((error: unknown) => {
        draining.delete(chatId);
        runtime.log.error('the outbox stopped', error);
      });
    },
    wake: waiter.wake,
    stop: () => {
      stopped = true;
      waiter.wake();
    },
  };
}
