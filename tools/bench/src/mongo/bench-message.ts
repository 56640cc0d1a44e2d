import type { IndexDescription } from 'mongodb';

/** A message as chat-api stores it, in everything that costs: fields, lengths, indexes. */
export type BenchMessage = {
  _id: string;
  chatId: string;
  seq: number;
  rev: number;
  senderId: string;
  clientMessageId: string;
  text: string;
  bodyHash: string;
  prevHash: string;
  hash: string;
  createdAt: Date;
  outbox?: { at: Date };
};

/** The normative indexes of `messages`. */
export const INDEXES: IndexDescription[] = [
  { key: { chatId: 1, seq: 1 }, unique: true },
  { key: { chatId: 1, rev: 1 }, unique: true },
  { key: { chatId: 1, senderId: 1, clientMessageId: 1 }, unique: true },
  { key: { 'outbox.at': 1 }, partialFilterExpression: { 'outbox.at': { $exists: true } } },
];

const TEXT = 'x'.repeat(100);
const HASH = 'a'.repeat(64);

/** The same message for the same chat and place, always. */
export function messageOf(chatId: string, seq: number): BenchMessage {
  const createdAt = new Date(1_700_000_000_000 + seq);
  return {
    _id: `${chatId}:${seq}`,
    chatId,
    seq,
    rev: seq,
    senderId: `${chatId}:${seq % 2}`,
    clientMessageId: `${chatId}:${seq}:client`,
    text: TEXT,
    bodyHash: HASH,
    prevHash: HASH,
    hash: HASH,
    createdAt,
    outbox: { at: createdAt },
  };
}
