import { createMemoryChanges, inOrderMade, type ChangeBox, type MessageChange } from '@parley/chat-client';
import type { ChatId, UserId } from '@parley/domain';
import type { BrowserDatabase, ChangeRow } from '../browser-database.ts';

/** What `run` gives with the database, or `otherwise` where there is none or it fails. */
export type Stored = <T>(run: (database: BrowserDatabase) => Promise<T>, otherwise: T) => Promise<T>;

/** The changes of `userId` in this browser, as its outbox keeps messages: in this tab's memory where the database takes none. */
export function createBrowserChanges(userId: UserId, stored: Stored, changed: () => void): ChangeBox {
  const memory = createMemoryChanges();
  return {
    all: async () => {
      const rows = await stored((database) => database.getAllFromIndex('changes', 'userId', userId), []);
      return [...rows.map(toChange), ...(await memory.all())].sort(inOrderMade);
    },
    next: async (chatId) => {
      const first = await stored((database) => oldestPending(database, userId, chatId), undefined);
      const kept = await memory.next(chatId);
      if (first === undefined || kept === undefined) return first ?? kept;
      return inOrderMade(first, kept) < 0 ? first : kept;
    },
    put: async (change) => {
      const isStored = await stored((database) => write(database, { ...change, userId }), false);
      if (isStored) await memory.remove(change.id);
      else await memory.put(change);
      changed();
    },
    remove: async (id) => {
      await memory.remove(id);
      await stored((database) => database.delete('changes', id), undefined);
      changed();
    },
  };
}

async function oldestPending(
  database: BrowserDatabase,
  userId: UserId,
  chatId: ChatId,
): Promise<MessageChange | undefined> {
  const queue = database.transaction('changes').store.index('queue');
  const cursor = await queue.openCursor(
    IDBKeyRange.bound([userId, chatId, 'pending'], [userId, chatId, 'pending', []]),
  );
  return cursor === null ? undefined : toChange(cursor.value);
}

async function write(database: BrowserDatabase, row: ChangeRow): Promise<true> {
  await database.put('changes', row);
  return true;
}

const toChange = ({ userId: _userId, ...change }: ChangeRow): MessageChange => change;
