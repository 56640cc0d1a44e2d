import { createMemoryOutbox, inOrderWritten, type Outbox, type Outgoing } from '@parley/chat-client';
import type { ChatId, ClientMessageId, UserId } from '@parley/domain';
import { openBrowserDatabase, type BrowserDatabase, type Row } from '../browser-database.ts';
import { createBrowserChanges } from './browser-changes.ts';
import type { OutboxTabs } from './outbox-tabs.ts';

/**
 * The outbox of `userId` in this browser, shared by its tabs: it survives a reload, a crash and a sign-out. Where the browser has no database (some private
 * modes) or the database refuses an entry (a full disk), it lives in this tab's memory: sending must work all the same.
 */
export function createBrowserOutbox(userId: UserId, tabs: OutboxTabs): Outbox {
  const memory = createMemoryOutbox();
  const opening = openBrowserDatabase().catch((error: unknown) => {
    console.warn('no IndexedDB: unsent messages will not survive a reload', error);
    return null;
  });
  /** What `run` gives with the database, or `otherwise` where there is none or it fails. */
  async function stored<T>(run: (database: BrowserDatabase) => Promise<T>, otherwise: T): Promise<T> {
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
    get: async (id) => (await memory.get(id)) ?? (await stored((database) => read(database, id), undefined)),
    put: async (entry, file) => {
      const isStored = await stored((database) => write(database, { ...entry, userId }, file), false);
      if (isStored) await memory.remove(entry.clientMessageId);
      else await memory.put(entry, file);
      tabs.changed();
    },
    update: async (id, change) => {
      const changed =
        (await memory.update(id, change)) ?? (await stored((database) => update(database, id, change), undefined));
      tabs.changed();
      return changed;
    },
    remove: async (id) => {
      await memory.remove(id);
      await stored((database) => remove(database, id), undefined);
      tabs.changed();
    },
    file: async (id) => (await memory.file(id)) ?? (await stored((database) => database.get('files', id), undefined)),
    changes: createBrowserChanges(userId, stored, tabs.changed),
    exclusive: (name, run) => tabs.exclusive(name, run),
    onChange: (listener) => tabs.onChange(listener),
    close: () => {
      tabs.close();
      opening.then((database) => database?.close()).catch(console.warn);
    },
  };
}

async function oldestPending(database: BrowserDatabase, userId: UserId, chatId: ChatId): Promise<Outgoing | undefined> {
  const queue = database.transaction('outbox').store.index('queue');
  const cursor = await queue.openCursor(
    IDBKeyRange.bound([userId, chatId, 'pending'], [userId, chatId, 'pending', []]),
  );
  return cursor === null ? undefined : toOutgoing(cursor.value);
}

async function read(database: BrowserDatabase, id: ClientMessageId): Promise<Outgoing | undefined> {
  const row = await database.get('outbox', id);
  return row === undefined ? undefined : toOutgoing(row);
}

/** An entry and its file stand there together or not at all. */
async function write(database: BrowserDatabase, row: Row, file: Blob | undefined): Promise<true> {
  const transaction = database.transaction(['outbox', 'files'], 'readwrite');
  await Promise.all([
    transaction.objectStore('outbox').put(row),
    file === undefined ? undefined : transaction.objectStore('files').put(file, row.clientMessageId),
    transaction.done,
  ]);
  return true;
}

/** Reads and writes in one transaction: an entry that another tab takes out meanwhile doesn't come back. */
async function update(
  database: BrowserDatabase,
  id: ClientMessageId,
  change: (entry: Outgoing) => Outgoing,
): Promise<Outgoing | undefined> {
  const { store, done } = database.transaction('outbox', 'readwrite');
  const row = await store.get(id);
  if (row === undefined) return undefined;
  const changed = change(toOutgoing(row));
  await Promise.all([store.put({ ...changed, userId: row.userId }), done]);
  return changed;
}

async function remove(database: BrowserDatabase, id: ClientMessageId): Promise<void> {
  const transaction = database.transaction(['outbox', 'files'], 'readwrite');
  await Promise.all([
    transaction.objectStore('outbox').delete(id),
    transaction.objectStore('files').delete(id),
    transaction.done,
  ]);
}

const toOutgoing = ({ userId: _userId, ...entry }: Row): Outgoing => entry;
