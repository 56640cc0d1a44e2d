import { createHash, randomUUID } from 'node:crypto';
import { bodyPreimage, GENESIS_HASH, ledgerPreimage, messageWords } from '@parley/domain';
import type { ChatId, ClientMessageId, UserId } from '@parley/domain';
import { MongoClient, type Document } from 'mongodb';

const DATABASE = 'parley_chat';
const BATCH = 1_000;
const VOCABULARY = 2_000;

/** The word that is in exactly MATCHES messages of every chat, spread over all of it. */
export const SEARCHED = 'quince';
const MATCHES = 20;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Fills an empty chat with messages by both members, as chat-api would have stored them: sending 100,000 takes minutes. The chat is then as
 * after their delivery: in order, chained, told, and shown by the list.
 */
export async function fillChat(uri: string, o: { chatId: string; members: string[]; messages: number }): Promise<void> {
  const client = new MongoClient(uri);
  try {
    const db = client.db(DATABASE);
    let prevHash = GENESIS_HASH;
    let last: Document = {};
    for (let from = 1; from <= o.messages; from += BATCH) {
      const documents: Document[] = [];
      for (let seq = from; seq < from + BATCH && seq <= o.messages; seq += 1) {
        last = composeMessage({ ...o, seq, prevHash });
        prevHash = String(last['hash']);
        documents.push(last);
      }
      await db.collection('messages').insertMany(documents, { ordered: false });
    }
    const { words: _words, revs: _revs, ...message } = last;
    const { seq, rev, createdAt } = last;
    await db
      .collection<{ _id: string }>('chats')
      .updateOne(
        { _id: o.chatId },
        { $set: { lastSeq: seq, lastRev: rev, last: { at: createdAt, seq, rev, message } } },
      );
  } finally {
    await client.close();
  }
}

function composeMessage(o: { chatId: string; members: string[]; messages: number; seq: number; prevHash: string }) {
  const { seq, prevHash } = o;
  const chatId = o.chatId as ChatId;
  const senderId = o.members[seq % o.members.length] as UserId;
  const clientMessageId = randomUUID() as ClientMessageId;
  const createdAt = new Date(Date.now() - (o.messages - seq) * 1_000);
  const isMatch = seq % Math.floor(o.messages / MATCHES) === 0;
  const words = Array.from({ length: 12 }, (_none, at) => `word${(seq * 31 + at * 97) % VOCABULARY}`);
  const text = [...words, ...(isMatch ? [SEARCHED] : [])].join(' ');
  const bodyHash = sha256(bodyPreimage({ text }));
  const entry = { prevHash, chatId, seq, senderId, clientMessageId, bodyHash, createdAt: createdAt.toISOString() };
  return {
    _id: randomUUID() as never,
    chatId,
    seq,
    rev: seq,
    revs: [seq],
    senderId,
    clientMessageId,
    bodyHash,
    prevHash,
    hash: sha256(ledgerPreimage(entry)),
    text,
    words: messageWords(text),
    createdAt,
  } satisfies Document;
}
