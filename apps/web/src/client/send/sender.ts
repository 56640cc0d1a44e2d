import type { Message } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import type { Outgoing } from '../chat/client-state.ts';
import { ApiError, isTransient } from '../http/errors.ts';
import { createWaiter, fullJitter, type Random } from './backoff.ts';

export type SenderPorts = {
  /** One try, over whichever way there is. */
  send(entry: Outgoing): Promise<Message>;
  onStored(entry: Outgoing, message: Message): void;
  onRefused(entry: Outgoing, error: ApiError): void;
  random?: Random;
};

/**
 * Sends what is written: per chat in order and one at a time, so that the server cannot see the second before the first. What fails on the way is
 * tried again for ever under the same clientMessageId, which is why nothing can be stored twice; what is refused is handed back.
 */
export type Sender = {
  enqueue(entry: Outgoing): void;
  /** Tries at once whatever waits for its next try. */
  wake(): void;
  stop(): void;
};

const BACKOFF = { baseMs: 500, maxMs: 15_000 };

export function createSender(ports: SenderPorts): Sender {
  const queues = new Map<ChatId, Outgoing[]>();
  const waiter = createWaiter();
  const random = ports.random ?? Math.random;
  let stopped = false;

  async function deliver(entry: Outgoing): Promise<void> {
    for (let attempt = 1; !stopped; attempt += 1) {
      try {
        const message = await ports.send(entry);
        ports.onStored(entry, message);
        return;
      } catch (error) {
        if (error instanceof ApiError && !isTransient(error)) {
          ports.onRefused(entry, error);
          return;
        }
        const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
        await waiter.wait(asked + fullJitter(attempt, { ...BACKOFF, random }));
      }
    }
  }

  async function drain(queue: Outgoing[]): Promise<void> {
    for (let entry = queue[0]; entry !== undefined && !stopped; entry = queue[0]) {
      await deliver(entry);
      queue.shift();
    }
  }

  return {
    enqueue: (entry) => {
      const queue = queues.get(entry.chatId) ?? [];
      queues.set(entry.chatId, queue);
      if (queue.some((waiting) => waiting.clientMessageId === entry.clientMessageId)) return;
      if (queue.push(entry) > 1) return;
      drain(queue).catch((error: unknown) => console.error('the outbox stopped', error));
    },
    wake: waiter.wake,
    stop: () => {
      stopped = true;
      waiter.wake();
    },
  };
}
