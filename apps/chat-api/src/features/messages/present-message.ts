import type { Message } from '@parley/contracts';
import type { StoredMessage } from '../../database.ts';

/** A message as its chat's members see it; what was deleted has lost its content and keeps its place. */
export function presentMessage(message: StoredMessage): Message {
  const deleted = message.deletedAt !== undefined;
  return {
    id: message._id,
    chatId: message.chatId,
    seq: message.seq,
    rev: message.rev,
    senderId: message.senderId,
    clientMessageId: message.clientMessageId,
    text: deleted ? null : (message.text ?? null),
    image: null,
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
