import type { Message } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import { ApiError, isTransient } from '../http/errors.ts';
import type { Runtime } from '../ports.ts';
import { createDrain, type Outcome } from './drain.ts';
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

export function createSender({ outbox, runtime, send, onStored, onRefused, onUploadGone }: SenderPorts): Sender {
  async function tryNext(chatId: ChatId): Promise<Outcome> {
    const entry = await outbox.next(chatId);
    if (entry === undefined || isUploading(entry)) return { kind: 'empty' };
    try {
      onStored(entry, await send(entry));
      await outbox.remove(entry.clientMessageId);
      return { kind: 'done' };
    } catch (error) {
      if (!(error instanceof ApiError) || isTransient(error)) return { kind: 'failed', error };
      await refused(entry, error);
      return { kind: 'done' };
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

  const drain = createDrain({ runtime, tryNext, exclusive: (chatId, run) => outbox.exclusive(chatId, run) });
  return { send: drain.start, wake: drain.wake, stop: drain.stop };
}
