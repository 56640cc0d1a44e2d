import { createMemoryProofs, furtherOf, type Proof, type ProofKeeper } from '@parley/chat-client';
import type { ChatId, UserId } from '@parley/domain';
import { openBrowserDatabase } from '../browser-database.ts';

/** What `userId` has verified in this browser, shared by its tabs. Where there is no database, it lasts as long as the tab. */
export function createBrowserProofs(userId: UserId): ProofKeeper {
  const memory = createMemoryProofs();
  const opening = openBrowserDatabase().catch((error: unknown) => {
    console.warn('no IndexedDB: what was verified will be forgotten on a reload', error);
    return null;
  });
  return {
    all: async () => {
      const database = await opening;
      if (database === null) return memory.all();
      const rows = await database.getAllFromIndex('proofs', 'userId', userId);
      return new Map<ChatId, Proof>(rows.map(({ chatId, seq, hash }) => [chatId, { seq, hash }]));
    },
    keep: async (chatId, proof) => {
      const database = await opening;
      if (database === null) return memory.keep(chatId, proof);
      // Read and written in one transaction: another tab may be further on.
      const { store, done } = database.transaction('proofs', 'readwrite');
      const held = await store.get([userId, chatId]);
      await Promise.all([store.put({ userId, chatId, ...pick(furtherOf(held, proof)) }), done]);
    },
    close: () => void opening.then((database) => database?.close()).catch(console.warn),
  };
}

const pick = ({ seq, hash }: Proof): Proof => ({ seq, hash });
