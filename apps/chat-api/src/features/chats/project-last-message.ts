import { updateEach, type Update } from '@parley/mongo';
import { createBatcher } from '@parley/service-kit';
import type { Db } from 'mongodb';
import type { ChatDocument, StoredMessage } from '../../database.ts';

const BATCH_MAX = 500;
const GATHER_MS = 5;

type Waiting = { message: StoredMessage; resolve(): void; reject(error: unknown): void };

/**
 * Keeps each chat's newest message, and its newest rev, with the chat, for lists. Only forwards: a late repeat changes nothing.
 *
 * One write at a time, with all that came up meanwhile and of each chat only the newest: a projection may skip what is
 * already overtaken. Not durable of its own: the outbox entry of the message is, until this is done.
 */
export function createLastMessageProjector(db: Db) {
  const batches = createBatcher<Waiting>({
    max: BATCH_MAX,
    atOnce: 1,
    everyMs: GATHER_MS,
    run: async (batch) => {
      try {
        await updateEach(db, 'chats', newest(batch).flatMap(projections));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    },
  });
  return (message: StoredMessage): Promise<void> =>
    new Promise((resolve, reject) => batches.add({ message, resolve, reject }));
}

/** Of each chat the newest message. Changes of other messages say nothing of it, so each of them stands for itself. */
function newest(batch: readonly Waiting[]): StoredMessage[] {
  const found = new Map<string, StoredMessage>();
  for (const { message } of batch) {
    const key = isChanged(message) ? message._id : message.chatId;
    const other = found.get(key);
    if (!other || message.rev > other.rev) found.set(key, message);
  }
  return [...found.values()];
}

function projections(message: StoredMessage): Update<ChatDocument>[] {
  return isChanged(message) ? followChange(message) : [forwards(message)];
}

function forwards(message: StoredMessage): Update<ChatDocument> {
  const { seq, rev, createdAt } = message;
  return {
    filter: { _id: message.chatId, 'last.seq': { $lt: seq } },
    update: {
      $set: { lastSeq: seq, 'last.seq': seq, 'last.rev': rev, 'last.message': message },
      // A clock that was set back must not sink a chat in the list.
      $max: { lastRev: rev, 'last.at': createdAt },
    },
  };
}

function isChanged({ editedAt, deletedAt, reactions }: StoredMessage): boolean {
  return editedAt !== undefined || deletedAt !== undefined || reactions !== undefined;
}

/** A change reaches the list only when it is of the newest message; that this message came may not have been projected yet. */
function followChange(message: StoredMessage): Update<ChatDocument>[] {
  const { chatId, seq, rev } = message;
  const isShown = { _id: chatId, 'last.seq': seq, 'last.rev': { $lt: rev } };
  return [
    forwards(message),
    { filter: isShown, update: { $set: { 'last.rev': rev, 'last.message': message } } },
    { filter: { _id: chatId }, update: { $max: { lastRev: rev } } },
  ];
}
