import type { ChatId, ClientMessageId, UserId } from '@parley/domain';
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Outgoing } from '../chat/client-state.ts';

/** Messages that aren't stored on the server yet: they survive a reload, a crash and a sign-out of their author. */
export type Outbox = {
  /** Of this person, in the order they were written. */
  all(): Promise<Outgoing[]>;
  put(entry: Outgoing): Promise<void>;
  remove(id: ClientMessageId): Promise<void>;
  close(): void;
};

type Row = {
  clientMessageId: ClientMessageId;
  userId: UserId;
  chatId: ChatId;
  text: string;
  createdAt: number;
  status: 'pending' | 'failed';
  reason?: string;
};

interface OutboxSchema extends DBSchema {
  outbox: { key: ClientMessageId; value: Row; indexes: { userId: UserId } };
}

/**
 * The outbox of `userId` in IndexedDB. Where the browser has none (some private modes), it lives in memory: sending must work all the same.
 */
export function createOutbox(userId: UserId): Outbox {
  const memory = new Map<ClientMessageId, Outgoing>();
  const database = open().catch((error: unknown) => {
    console.warn('no IndexedDB: unsent messages will not survive a reload', error);
    return null;
  });
  return {
    all: async () => {
      const rows = (await (await database)?.getAllFromIndex('outbox', 'userId', userId)) ?? [...memory.values()];
      // A clientMessageId is a UUIDv7 (RFC 9562): its text sorts as it was made.
      return rows
        .map(({ clientMessageId, chatId, text, createdAt, status, reason }) => ({
          clientMessageId,
          chatId,
          text,
          createdAt,
          status,
          ...(reason === undefined ? {} : { reason }),
        }))
        .sort((a, b) => (a.clientMessageId < b.clientMessageId ? -1 : 1));
    },
    put: async (entry) => {
      memory.set(entry.clientMessageId, entry);
      await (await database)?.put('outbox', { ...entry, userId });
    },
    remove: async (id) => {
      memory.delete(id);
      await (await database)?.delete('outbox', id);
    },
    close: () => {
      database.then((opened) => opened?.close()).catch(console.warn);
    },
  };
}

function open(): Promise<IDBPDatabase<OutboxSchema>> {
  return openDB<OutboxSchema>('parley', 1, {
    upgrade: (database) => {
      database.createObjectStore('outbox', { keyPath: 'clientMessageId' }).createIndex('userId', 'userId');
    },
  });
}
