import type { Message } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import { ApiError, isTransient } from '../http/errors.ts';
import type { Runtime } from '../ports.ts';
import { createWaiter, fullJitter } from './backoff.ts';
import type { Outbox, Outgoing } from './outbox.ts';
import { isUploadGone, isUploading } from './upload-steps.ts';

export type SenderPorts = {
  outbox: Outbox;
  runtime: Runtime;
  /** One try, over whichever way there is. */
  send(entry: Outgoing): Promise<Message>;
  /** Called before the entry leaves the outbox: shown as a message, it needs no place there. */
  onStored(entry: Outgoing, message: Message): void;
  onRefused(entry: Outgoing): void;
  /** Its picture has to be uploaded again. */
  onUploadGone(entry: Outgoing): void;
};

/**
 * Sends what the outbox holds: per chat in order and one at a time, so that the server cannot see the second before the first. What fails on the way is
 * tried again for ever under the same clientMessageId, which is why nothing can be stored twice; what is refused stays in the outbox as failed. A message whose
 * picture is not uploaded yet holds up those behind it until it is told of again.
 */
export type Sender = {
  /** There is something of this chat in the outbox. */
  send(chatId: ChatId): void;
  /** Tries at once whatever waits for its next try. */
  wake(): void;
  stop(): void;
};

const BACKOFF = { baseMs: 500, maxMs: 15_000 };
type Outcome = { kind: 'empty' } | { kind: 'sent' } | { kind: 'failed'; waitMs: number };

export function createSender({ outbox, runtime, send, onStored, onRefused, onUploadGone }: SenderPorts): Sender {
  const draining = new Map<ChatId, { again: boolean }>();
  const waiter = createWaiter(runtime.clock);
  let stopped = false;

  /** One try of the oldest entry. It is read anew each time: another tab may have sent, edited or discarded what was the oldest before. */
  async function tryNext(chatId: ChatId, attempt: number): Promise<Outcome> {
    const entry = stopped ? undefined : await outbox.next(chatId);
    if (entry === undefined || isUploading(entry)) return { kind: 'empty' };
    try {
      onStored(entry, await send(entry));
      await outbox.remove(entry.clientMessageId);
      return { kind: 'sent' };
    } catch (error) {
      if (error instanceof ApiError && !isTransient(error)) {
        await refused(entry, error);
        return { kind: 'sent' };
      }
      const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
      return { kind: 'failed', waitMs: asked + fullJitter(attempt, { ...BACKOFF, random: runtime.random }) };
    }
  }

  async function refused(entry: Outgoing, { code }: ApiError): Promise<void> {
    const { picture } = entry;
    if (picture !== undefined && isUploadGone(code)) {
      const { upload: _gone, ...anew } = picture;
      const changed = await outbox.update(entry.clientMessageId, (held) => ({ ...held, picture: anew }));
      if (changed !== undefined) onUploadGone(changed);
      return;
    }
    const failed = await outbox.update(entry.clientMessageId, (held) => ({ ...held, status: 'failed', code }));
    if (failed !== undefined) onRefused(failed);
  }

  async function drain(chatId: ChatId, state: { again: boolean }): Promise<void> {
    let attempt = 1;
    while (!stopped) {
      state.again = false;
      // The lock is let go between tries: a tab without a network must not hold up one that has it.
      const outcome = await outbox.exclusive(chatId, () => tryNext(chatId, attempt));
      if (outcome.kind === 'empty' && !state.again) break;
      attempt = outcome.kind === 'failed' ? attempt + 1 : 1;
      if (outcome.kind === 'failed') await waiter.wait(outcome.waitMs);
    }
    draining.delete(chatId);
  }

  return {
    send: (chatId) => {
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
