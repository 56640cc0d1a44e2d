import { randomUUID } from 'node:crypto';
import { GENESIS_HASH, type ChatId, type ClientMessageId, type MessageId, type UserId } from '@parley/domain';
import { MongoClient } from 'mongodb';
import type { ChatWorld } from './chat-instance.fixture.ts';
import { openDatabase, storedMessage, type Database, type MessageDocument } from './database.ts';
import { composeMessage, hashBody } from './features/messages/compose-message.ts';

const BATCH = 2_000;

/** The database of a world, past the service: to fill it, to look into it, and to tamper with it. */
export function openWorldDatabase({ engines }: ChatWorld): { client: MongoClient; database: Database } {
  const client = new MongoClient(engines.mongoUri, { monitorCommands: true });
  return { client, database: openDatabase(client.db(engines.database)) };
}

/** Makes an empty chat one of `count` messages that were told long ago, as sends would have made it. */
export async function fillChat(
  { chats, messages }: Database,
  o: { chatId: ChatId; senderId: UserId; count: number; textOf(seq: number): string },
): Promise<void> {
  let last: MessageDocument | undefined;
  for (let seq = 1; seq <= o.count; ) {
    const batch: MessageDocument[] = [];
    for (; seq <= o.count && batch.length < BATCH; seq += 1) {
      const content = { text: o.textOf(seq) };
      const { outbox: _, ...document } = composeMessage({
        id: randomUUID() as MessageId,
        chatId: o.chatId,
        senderId: o.senderId,
        clientMessageId: randomUUID() as ClientMessageId,
        content,
        bodyHash: hashBody(content),
        place: { seq, rev: seq, prevHash: last?.hash ?? GENESIS_HASH },
        createdAt: new Date(Date.UTC(2026, 0, 1) + seq),
      });
      batch.push(document);
      last = document;
    }
    await messages.insertMany(batch, { ordered: false, writeConcern: { w: 1 } });
  }
  if (!last) return;
  const { seq, rev, createdAt } = last;
  const projected = { seq, rev, at: createdAt, message: storedMessage(last) };
  await chats.updateOne({ _id: o.chatId }, { $set: { lastSeq: seq, lastRev: rev, last: projected } });
}
