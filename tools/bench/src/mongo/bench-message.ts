import type { IndexDescription } from 'mongodb';

/** A message as chat-api stores it, in everything that costs: fields, lengths, indexes. */
export type BenchMessage = {
  _id: string;
  chatId: string;
  seq: number;
  rev: number;
  revs: number[];
  senderId: string;
  clientMessageId: string;
  text: string;
  words: string[];
  bodyHash: string;
  prevHash: string;
  hash: string;
  createdAt: Date;
  outbox?: { at: Date };
};

/** The indexes of `messages`, as chat-api makes them. */
export const INDEXES: IndexDescription[] = [
  { key: { chatId: 1, seq: 1 }, unique: true },
  { key: { chatId: 1, rev: 1 }, unique: true },
  { key: { chatId: 1, revs: 1 }, unique: true, partialFilterExpression: { revs: { $exists: true } } },
  { key: { chatId: 1, senderId: 1, clientMessageId: 1 }, unique: true },
  { key: { chatId: 1, senderId: 1, seq: 1 } },
  { key: { chatId: 1, words: 1, seq: -1 } },
  { key: { 'outbox.at': 1 }, partialFilterExpression: { 'outbox.at': { $exists: true } } },
];

/** 100 characters, of which people find it by eight words. */
const WORDS = ['wonderful', 'conversation', 'yesterday', 'everybody', 'restaurant', 'tomorrow', 'something', 'perhaps'];
const TEXT = WORDS.join(' and ').padEnd(100, '!').slice(0, 100);
const HASH = 'a'.repeat(64);

/** The same message for the same chat and place, always. */
export function messageOf(chatId: string, seq: number): BenchMessage {
  const createdAt = new Date(1_700_000_000_000 + seq);
  return {
    _id: `${chatId}:${seq}`,
    chatId,
    seq,
    rev: seq,
    revs: [seq],
    senderId: `${chatId}:${seq % 2}`,
    clientMessageId: `${chatId}:${seq}:client`,
    text: TEXT,
    words: WORDS,
    bodyHash: HASH,
    prevHash: HASH,
    hash: HASH,
    createdAt,
    outbox: { at: createdAt },
  };
}
