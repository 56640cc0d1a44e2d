import type { Message } from '@parley/contracts';
import { withUpload, type ClientStore } from '../chat/client-state.ts';
import type { ClientEvent } from '../events.ts';
import type { Runtime } from '../ports.ts';
import type { Outbox, Outgoing } from './outbox.ts';
import { createOutgoing, type OutgoingMessages } from './outgoing.ts';
import { createSender } from './sender.ts';
import type { UploadCalls } from './upload-try.ts';
import { createUploader } from './uploader.ts';

/** The part of a client that sends: what is written, on its way from the outbox to the server. */
export type Sending = Pick<OutgoingMessages, 'queue' | 'retry' | 'discard' | 'fileOf'> & {
  wake(): void;
  stop(): void;
};

export function createSending(o: {
  outbox: Outbox;
  store: ClientStore;
  runtime: Runtime;
  emit(event: ClientEvent): void;
  /** One try, over whichever way there is. */
  send(entry: Outgoing): Promise<Message>;
  uploads: UploadCalls;
  onStored(message: Message): void;
}): Sending {
  const { outbox, runtime, store, emit } = o;
  const refused = (entry: Outgoing) => {
    outgoing.show(entry);
    emit({ type: 'refused', entry });
  };
  const sender = createSender({
    outbox,
    runtime,
    send: o.send,
    onStored: (entry, message) => {
      o.onStored(message);
      outgoing.stored(entry);
      emit({ type: 'stored', entry, message });
    },
    onRefused: refused,
    onUploadGone: (entry) => {
      outgoing.show(entry);
      uploader.startAnew(entry);
    },
  });
  const uploader = createUploader({
    outbox,
    runtime,
    calls: o.uploads,
    onView: (id, view) => store.setState(withUpload(id, view)),
    onChanged: (entry) => {
      if (entry.status === 'failed') refused(entry);
      else outgoing.show(entry);
      // It held up what stands behind it.
      sender.send(entry.chatId);
    },
  });
  const outgoing = createOutgoing({ outbox, store, sender, uploader, log: runtime.log });
  return {
    queue: outgoing.queue,
    retry: outgoing.retry,
    discard: outgoing.discard,
    fileOf: outgoing.fileOf,
    wake: () => {
      sender.wake();
      uploader.wake();
    },
    stop: () => {
      sender.stop();
      uploader.stop();
      outgoing.stop();
    },
  };
}
