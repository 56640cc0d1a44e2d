import type { Outgoing } from '@parley/chat-client';
import type { ClientMessageId, UserId } from '@parley/domain';
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** An entry and whose it is: several people may use one browser. */
export type Row = Outgoing & { userId: UserId };

interface OutboxSchema extends DBSchema {
  outbox: {
    key: ClientMessageId;
    value: Row;
    /** `queue`: by person, chat, status and the order written. */
    indexes: { userId: UserId; queue: [UserId, string, string, string] };
  };
  /** Pictures of entries, apart from them, so that reading the outbox reads none. */
  files: { key: ClientMessageId; value: Blob };
}

export type OutboxDatabase = IDBPDatabase<OutboxSchema>;

const VERSION = 3;

/** Opens the database of this browser, made or brought up to date where needed: entries that an older version kept stay. */
export function openOutboxDatabase(): Promise<OutboxDatabase> {
  return openDB<OutboxSchema>('parley', VERSION, {
    upgrade: (database, from, _to, transaction) => {
      if (from < 1) {
        database.createObjectStore('outbox', { keyPath: 'clientMessageId' }).createIndex('userId', 'userId');
      }
      if (from < 2) {
        const store = transaction.objectStore('outbox');
        store.createIndex('queue', ['userId', 'chatId', 'status', 'clientMessageId']);
      }
      if (from < 3) database.createObjectStore('files');
    },
    // A tab of an older version must not hold up the new one: it goes on in memory.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
}
