import type { ChatId } from '@parley/domain';
import type { AnyBulkWriteOperation } from 'mongodb';
import type { ChatDocument, Database, StoredMessage } from '../../database.ts';

type Waiting = { message: StoredMessage; settled: { resolve(): void; reject(error: unknown): void }[] };

/**
 * Keeps each chat's newest message with the chat, for lists. Only forwards: a late repeat changes nothing.
 *
 * One bulk write at a time, with all that came up meanwhile and of each chat only the newest: a projection may skip what is
 * already overtaken. Not durable of its own: the outbox entry of the message is, until this is done.
 */
export function createLastMessageProjector({ chats }: Pick<Database, 'chats'>) {
  let waiting = new Map<ChatId, Waiting>();
  let isWriting = false;

  const writeAll = async (): Promise<void> => {
    isWriting = true;
    while (waiting.size > 0) {
      const batch = [...waiting.values()];
      waiting = new Map();
      try {
        await chats.bulkWrite(
          batch.map(({ message }) => forwards(message)),
          { ordered: false },
        );
        for (const { settled } of batch) for (const { resolve } of settled) resolve();
      } catch (error) {
        for (const { settled } of batch) for (const { reject } of settled) reject(error);
      }
    }
    isWriting = false;
  };

  return (message: StoredMessage): Promise<void> =>
    new Promise((resolve, reject) => {
      const entry = waiting.get(message.chatId) ?? { message, settled: [] };
      if (message.seq > entry.message.seq) entry.message = message;
      entry.settled.push({ resolve, reject });
      waiting.set(message.chatId, entry);
      if (!isWriting) void writeAll();
    });
}

function forwards(message: StoredMessage): AnyBulkWriteOperation<ChatDocument> {
  const { seq, rev, createdAt } = message;
  return {
    updateOne: {
      filter: { _id: message.chatId, 'last.seq': { $lt: seq } },
      update: {
        $set: { lastSeq: seq, 'last.seq': seq, 'last.rev': rev, 'last.message': message },
        // A clock that was set back must not sink a chat in the list.
        $max: { lastRev: rev, 'last.at': createdAt },
      },
    },
  };
}
