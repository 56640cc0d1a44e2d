import type { ChatId, ClientMessageId, UserId } from './ids.ts';

/** What a message says, without who, where and when: what its idempotency key stands for. */
export type MessageBody = { text?: string | undefined; uploadId?: string | undefined; replyToSeq?: number | undefined };

/** `prevHash` of a chat's first message. */
export const GENESIS_HASH = '0'.repeat(64);

/** The text whose SHA-256 (lower-case hex) is a message's `bodyHash`: a JSON array, so that no two bodies share one. */
export function bodyPreimage(body: MessageBody): string {
  return JSON.stringify([body.text ?? null, body.uploadId ?? null, body.replyToSeq ?? null]);
}

export type LedgerEntry = {
  prevHash: string;
  chatId: ChatId;
  seq: number;
  senderId: UserId;
  clientMessageId: ClientMessageId;
  bodyHash: string;
  /** ISO 8601 UTC with milliseconds. */
  createdAt: string;
};

/** The text whose SHA-256 (lower-case hex) is a message's `hash`. Each hash covers the one before: a chat is a hash chain. */
export function ledgerPreimage(entry: LedgerEntry): string {
  const { prevHash, chatId, seq, senderId, clientMessageId, bodyHash, createdAt } = entry;
  return JSON.stringify([prevHash, chatId, seq, senderId, clientMessageId, bodyHash, createdAt]);
}
