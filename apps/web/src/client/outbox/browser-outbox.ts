import { createMemoryOutbox, inOrderWritten, type Outbox, type Outgoing } from '@parley/chat-client';
import type { ChatId, ClientMessageId, UserId } from '@parley/domain';
import { openOutboxDatabase, type OutboxDatabase, type Row } from './outbox-database.ts';
import type { OutboxTabs } from './outbox-tabs.ts';

/**
 * The outbox of `userId` in this browser, shared by its tabs: it survives a reload, a crash and a sign-out. Where the browser has no database (some private
 * modes) or the database refuses an entry (a full disk), it lives in this tab's memory: sending must work all the same.
 */
export function createBrowserOutbox(userId: UserId, tabs: OutboxTabs): Outbox {
  const memory = createMemoryOutbox();
  const opening = openOutboxDatabase().catch((error: unknown) => {
    console.warn('no IndexedDB: unsent messages will not survive a reload', error);
    return null;
  });
  /** What `run` gives with the database, or `otherwise` where there is none or it fails. */
  async function stored<T>(run: (database: OutboxDatabase) => Promise<T>, otherwise: T): Promise<T> {
    const database = await opening;
    if (database === null) return otherwise;
    return run(database).catch((error: unknown) => {
      console.warn('the outbox could not be read or written', error);
      return otherwise;
    });
  }
  const all = async () => {
    const rows = await stored((database) => database.getAllFromIndex('outbox', 'userId', userId), []);
    return [...rows.map(toOutgoing), ...(await memory.all())].sort(inOrderWritten);
  };

  return {
    all,
    next: async (chatId) => {
      const first = await stored((database) => oldestPending(database, userId, chatId), undefined);
      const kept = await memory.next(chatId);
      if (first === undefined || kept === undefined) return first ?? kept;
      return inOrderWritten(first, kept) < 0 ? first : kept;
    },
    put: async (entry) => {
      const isStored = await stored(async (database) => {
        await database.put('outbox', { ...entry, userId });
        return true;
      }, false);
      if (isStored) await memory.remove(entry.clientMessageId);
      else await memory.put(entry);
      tabs.changed();
    },
    remove: async (id: ClientMessageId) => {
      await memory.remove(id);
      await stored((database) => database.delete('outbox', id), undefined);
      tabs.changed();
    },
    exclusive: (chatId, run) => tabs.exclusive(chatId, run),
    onChange: (listener) => tabs.onChange(listener),
    close: () => {
      tabs.close();
      opening.then((database) => database?.close()).catch(console.warn);
    },
  };
}

async function oldestPending(database: OutboxDatabase, userId: UserId, chatId: ChatId): Promise<Outgoing | undefined> {
  const queue = database.transaction('outbox').store.index('queue');
  const cursor = await queue.openCursor(
    IDBKeyRange.bound([userId, chatId, 'pending'], [userId, chatId, 'pending', []]),
  );
  return cursor === null ? undefined : toOutgoing(cursor.value);
}

const toOutgoing = ({ userId: _userId, ...entry }: Row): Outgoing => entry;
