import type { Message, MessageImage } from '@parley/contracts';
import type { StoredMessage } from '../../database.ts';
import type { PresentImage } from '../uploads/image-urls.ts';

export type MessagePresenter = {
  /** A message as its chat's members see it; only one with a picture whose URLs aren't known yet has to be waited for. */
  one(message: StoredMessage): Message | Promise<Message>;
  all(messages: readonly StoredMessage[]): Message[] | Promise<Message[]>;
};

export function createMessagePresenter(presentImage: PresentImage): MessagePresenter {
  const one = (message: StoredMessage): Message | Promise<Message> => {
    if (message.image === undefined || message.deletedAt !== undefined) return presentMessage(message, null);
    const image = presentImage(message.image);
    if (image instanceof Promise) return image.then((signed) => presentMessage(message, signed));
    return presentMessage(message, image);
  };
  return {
    one,
    all: (messages) => {
      const presented = messages.map(one);
      return presented.every((message): message is Message => !(message instanceof Promise))
        ? presented
        : Promise.all(presented);
    },
  };
}

/** What was deleted has lost its content and keeps its place. */
export function presentMessage(message: StoredMessage, image: MessageImage | null): Message {
  const deleted = message.deletedAt !== undefined;
  return {
    id: message._id,
    chatId: message.chatId,
    seq: message.seq,
    rev: message.rev,
    senderId: message.senderId,
    clientMessageId: message.clientMessageId,
    text: deleted ? null : (message.text ?? null),
    image: deleted ? null : image,
    replyToSeq: message.replyTo?.seq ?? null,
    reactions: deleted ? [] : (message.reactions ?? []),
    createdAt: message.createdAt.toISOString(),
    editedAt: message.editedAt?.toISOString() ?? null,
    deletedAt: message.deletedAt?.toISOString() ?? null,
    prevHash: message.prevHash,
    bodyHash: message.bodyHash,
    hash: message.hash,
  };
}
