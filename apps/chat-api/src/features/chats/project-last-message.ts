import type { AnyBulkWriteOperation } from 'mongodb';
import type { ChatDocument, Database, StoredMessage } from '../../database.ts';

type Waiting = { message: StoredMessage; settled: { resolve(): void; reject(error: unknown): void }[] };

/**
 * Keeps each chat's newest message, and its newest rev, with the chat, for lists. Only forwards: a late repeat changes nothing.
 *
 * One bulk write at a time, with all that came up meanwhile and of each chat only the newest: a projection may skip what is
 * already overtaken. Not durable of its own: the outbox entry of the message is, until this is done.
 */
export function createLastMessageProjector({ chats }: Pick<Database, 'chats'>) {
  let waiting = new Map<string, Waiting>();
  let isWriting = false;

  const writeAll = async (): Promise<void> => {
    isWriting = true;
    while (waiting.size > 0) {
      const batch = [...waiting.values()];
      waiting = new Map();
      try {
        await chats.bulkWrite(
          batch.flatMap(({ message }) => (isChanged(message) ? followChange(message) : [forwards(message)])),
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
      // Changes of other messages say nothing of the newest one, so each stands for itself.
      const key = isChanged(message) ? message._id : message.chatId;
      const entry = waiting.get(key) ?? { message, settled: [] };
      if (message.rev > entry.message.rev) entry.message = message;
      entry.settled.push({ resolve, reject });
      waiting.set(key, entry);
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

function isChanged({ editedAt, deletedAt, reactions }: StoredMessage): boolean {
  return editedAt !== undefined || deletedAt !== undefined || reactions !== undefined;
}

/** A change reaches the list only when it is of the newest message; that this message came may not have been projected yet. */
function followChange(message: StoredMessage): AnyBulkWriteOperation<ChatDocument>[] {
  const { chatId, seq, rev } = message;
  const isShown = { _id: chatId, 'last.seq': seq, 'last.rev': { $lt: rev } };
  return [
    forwards(message),
    { updateOne: { filter: isShown, update: { $set: { 'last.rev': rev, 'last.message': message } } } },
    { updateOne: { filter: { _id: chatId }, update: { $max: { lastRev: rev } } } },
  ];
}
