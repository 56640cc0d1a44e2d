import type { Message } from '@parley/contracts';
import type { ParleyEvent } from '@parley/rabbitmq';
import type { MemberPair } from '@parley/domain';
import { storedMessage, type MessageDocument, type StoredMessage } from '../../database.ts';
import type { Members } from '../chats/members.ts';
import type { MessagePresenter } from './present-message.ts';

export type MessageDelivery = {
  /** Begins to project a fresh message, whatever becomes of its publication. */
  projectNow(document: MessageDocument): void;
  /** Step 6: the chat list first, then the event. Rejects when either failed; doing it twice harms nobody. */
  deliver(document: MessageDocument): Promise<void>;
};

/**
 * What happens to a durable message on its way to others. The projection does not wait behind a broker that is away, so lists stay
 * right meanwhile; the outbox entry is only cleared when both are done.
 */
export function createMessageDelivery(d: {
  members: Members;
  project(message: StoredMessage): Promise<void>;
  publish(event: ParleyEvent): Promise<void>;
  present: MessagePresenter;
}): MessageDelivery {
  const begun = new WeakMap<MessageDocument, Promise<void>>();

  return {
    projectNow: (document) => {
      const projected = d.project(storedMessage(document));
      begun.set(document, projected);
      // Whoever delivers the entry sees the failure; without a delivery the sweeper projects again.
      projected.catch(() => begun.delete(document));
    },
    deliver: async (document) => {
      await (begun.get(document) ?? d.project(storedMessage(document)));
      const members = await d.members.of(document.chatId);
      const presented = d.present.one(document);
      const shown = presented instanceof Promise ? await presented : presented;
      await d.publish(messageEvent(document, members, shown));
    },
  };
}

/** The event an entry stands for. Either shows the message as it is now: clients go by `rev`. */
function messageEvent(message: MessageDocument, members: MemberPair, shown: Message): ParleyEvent {
  return {
    id: `message:${message._id}:${message.rev}`,
    type: message.outbox?.event === 'updated' ? 'message.updated' : 'message.created',
    version: 1,
    at: (message.outbox?.at ?? message.createdAt).toISOString(),
    payload: { members: [...members], message: shown },
  };
}
