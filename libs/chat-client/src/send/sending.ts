import type { Message } from '@parley/contracts';
import type { ClientStore } from '../chat/client-state.ts';
import type { ClientEvent } from '../events.ts';
import type { Runtime } from '../ports.ts';
import { createMemoryOutbox, type Outbox, type Outgoing } from './outbox.ts';
import { createOutgoing, type OutgoingMessages } from './outgoing.ts';
import { createSender } from './sender.ts';

/** The part of a client that sends: what is written, on its way from the outbox to the server. */
export type Sending = Pick<OutgoingMessages, 'queue' | 'retry' | 'discard'> & { wake(): void; stop(): void };

export function createSending(o: {
  outbox: Outbox | undefined;
  store: ClientStore;
  runtime: Runtime;
  emit(event: ClientEvent): void;
  /** One try, over whichever way there is. */
  send(entry: Outgoing): Promise<Message>;
  onStored(message: Message): void;
}): Sending {
  const outbox = o.outbox ?? createMemoryOutbox();
  const sender = createSender({
    outbox,
    runtime: o.runtime,
    send: o.send,
    onStored: (entry, message) => {
      o.onStored(message);
      outgoing.stored(entry);
      o.emit({ type: 'stored', entry, message });
    },
    onRefused: (entry) => {
      outgoing.show(entry);
      o.emit({ type: 'refused', entry });
    },
  });
  const outgoing = createOutgoing({ outbox, store: o.store, sender, log: o.runtime.log });
  return {
    queue: outgoing.queue,
    retry: outgoing.retry,
    discard: outgoing.discard,
    wake: sender.wake,
    stop: () => {
      sender.stop();
      outgoing.stop();
    },
  };
}
