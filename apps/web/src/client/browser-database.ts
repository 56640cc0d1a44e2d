import type { MessageChange, Outgoing, Proof } from '@parley/chat-client';
import type { ChatId, ClientMessageId, UserId } from '@parley/domain';
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** An entry and whose it is: several people may use one browser. */
export type Row = Outgoing & { userId: UserId };

export type ChangeRow = MessageChange & { userId: UserId };

interface BrowserSchema extends DBSchema {
  outbox: {
    key: ClientMessageId;
    value: Row;
    /** `queue`: by person, chat, status and the order written. */
    indexes: { userId: UserId; queue: [UserId, string, string, string] };
  };
  /** Pictures of entries, apart from them, so that reading the outbox reads none. */
  files: { key: ClientMessageId; value: Blob };
  /** Changes of stored messages that aren't done yet. */
  changes: {
    key: string;
    value: ChangeRow;
    /** `queue`: by person, chat, status and the order made. */
    indexes: { userId: UserId; queue: [UserId, string, string, string] };
  };
  /** How far the ledger of each chat was verified: what a server shows later must contain it. */
  proofs: { key: [UserId, ChatId]; value: Proof & { userId: UserId; chatId: ChatId }; indexes: { userId: UserId } };
}

export type BrowserDatabase = IDBPDatabase<BrowserSchema>;

const VERSION = 5;

/**
 * Opens the database of this browser, made or brought up to date where needed: what an older version kept stays.
 * @throws where there is no IndexedDB, or where a tab of an older version doesn't let go of it
 */
export function openBrowserDatabase(): Promise<BrowserDatabase> {
  return new Promise((resolve, reject) => {
    const blocked = () => reject(new Error('a tab of an older version holds the database'));
    open(blocked).then(resolve, reject);
  });
}

function open(blocked: () => void): Promise<BrowserDatabase> {
  return openDB<BrowserSchema>('parley', VERSION, {
    upgrade: (database, from, _to, transaction) => {
      if (from < 1) {
        database.createObjectStore('outbox', { keyPath: 'clientMessageId' }).createIndex('userId', 'userId');
      }
      if (from < 2) {
        const store = transaction.objectStore('outbox');
        store.createIndex('queue', ['userId', 'chatId', 'status', 'clientMessageId']);
      }
      if (from < 3) database.createObjectStore('files');
      if (from < 4) {
        database.createObjectStore('proofs', { keyPath: ['userId', 'chatId'] }).createIndex('userId', 'userId');
      }
      if (from < 5) {
        const store = database.createObjectStore('changes', { keyPath: 'id' });
        store.createIndex('userId', 'userId');
        store.createIndex('queue', ['userId', 'chatId', 'status', 'id']);
      }
    },
    blocked,
    // A tab of an older version must not hold up the new one: it goes on in memory.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
}
