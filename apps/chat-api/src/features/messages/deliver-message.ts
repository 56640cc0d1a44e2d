import type { ParleyEvent } from '@parley/rabbitmq';
import type { MemberPair } from '@parley/domain';
import type { MessageDocument, StoredMessage } from '../../database.ts';
import type { Members } from '../chats/members.ts';
import { presentMessage } from './present-message.ts';

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
}): MessageDelivery {
  const begun = new WeakMap<MessageDocument, Promise<void>>();

  return {
    projectNow: (document) => {
      const projected = d.project(withoutOutbox(document));
      begun.set(document, projected);
      // Whoever delivers the entry sees the failure; without a delivery the sweeper projects again.
      projected.catch(() => begun.delete(document));
    },
    deliver: async (document) => {
      const message = withoutOutbox(document);
      await (begun.get(document) ?? d.project(message));
      await d.publish(messageEvent(message, await d.members.of(document.chatId)));
    },
  };
}

function withoutOutbox({ outbox: _outbox, ...message }: MessageDocument): StoredMessage {
  return message;
}

/** An edited or deleted message is an update, whichever of its entries is delivered: clients go by `rev`. */
function messageEvent(message: StoredMessage, members: MemberPair): ParleyEvent {
  const isUpdate = message.editedAt !== undefined || message.deletedAt !== undefined;
  return {
    id: `message:${message._id}:${message.rev}`,
    type: isUpdate ? 'message.updated' : 'message.created',
    version: 1,
    at: message.createdAt.toISOString(),
    payload: { members: [...members], message: presentMessage(message) },
  };
}
