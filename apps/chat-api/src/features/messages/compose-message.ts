import { bodyPreimage, ledgerPreimage, messageWords } from '@parley/domain';
import type { ChatId, ClientMessageId, MessageId, UploadId, UserId } from '@parley/domain';
import type { MessageDocument, StoredImage } from '../../database.ts';
import { sha256 } from './hash.ts';

export type MessageContent = {
  text?: string | undefined;
  uploadId?: UploadId | undefined;
  replyToSeq?: number | undefined;
};

export function hashBody(content: MessageContent): string {
  return sha256(bodyPreimage(content));
}

/** The document of a new message at its place: chained to the one before, and due to be told to others. */
export function composeMessage(o: {
  id: MessageId;
  chatId: ChatId;
  senderId: UserId;
  clientMessageId: ClientMessageId;
  content: MessageContent;
  image?: StoredImage | undefined;
  bodyHash: string;
  place: { seq: number; rev: number; prevHash: string };
  createdAt: Date;
}): MessageDocument {
  const { chatId, senderId, clientMessageId, bodyHash, content, createdAt } = o;
  const { seq, rev, prevHash } = o.place;
  const entry = { prevHash, chatId, seq, senderId, clientMessageId, bodyHash, createdAt: createdAt.toISOString() };
  return {
    _id: o.id,
    chatId,
    seq,
    rev,
    revs: [rev],
    senderId,
    clientMessageId,
    bodyHash,
    prevHash,
    hash: sha256(ledgerPreimage(entry)),
    ...(content.text === undefined ? {} : { text: content.text, words: messageWords(content.text) }),
    ...(o.image === undefined ? {} : { image: o.image }),
    ...(content.replyToSeq === undefined ? {} : { replyTo: { seq: content.replyToSeq } }),
    createdAt,
    outbox: { at: createdAt },
  };
}
