import type { MemberPair, UserId } from '@parley/domain';
import { isDuplicateKey } from '@parley/mongo';
import { createBatcher } from '@parley/service-kit';
import { LRUCache } from 'lru-cache';
import type { Database } from '../../database.ts';

/** How long another instance, which did not get the event, may go by what it read. */
const CACHE_MS = 5_000;
const CACHED_PEOPLE = 100_000;
const ASKED_AT_ONCE = 500;

export type Privacy = {
  /**
   * Whether either member hides their read receipts: then neither sees how far the other has read. It goes both ways, so that nobody
   * sees of others what they don't show of themselves.
   */
  hidesReceipts(pair: MemberPair): Promise<boolean>;
  /** Takes over what user-api told; events may come late, twice and in any order. */
  apply(event: { userId: UserId; readReceipts: boolean; at: Date }): Promise<void>;
};

type Question = { userId: UserId; resolve(hides: boolean): void; reject(error: unknown): void };

/** What people chose to show, as user-api told: a projection. Of whom nothing was told, nothing is hidden. */
export function createPrivacy({ privacy }: Pick<Database, 'privacy'>): Privacy {
  const cache = new LRUCache<UserId, Promise<boolean>>({ max: CACHED_PEOPLE, ttl: CACHE_MS });

  // A list of chats asks for many people within one turn: they are one read.
  const questions = createBatcher<Question>({
    max: ASKED_AT_ONCE,
    run: async (batch) => {
      try {
        const filter = { _id: { $in: batch.map(({ userId }) => userId) }, readReceipts: false };
        const found = await privacy.find(filter, { projection: { _id: 1 } }).toArray();
        const hiding = new Set(found.map(({ _id }) => _id));
        for (const { userId, resolve } of batch) resolve(hiding.has(userId));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    },
  });

  const hides = (userId: UserId): Promise<boolean> => {
    const known = cache.get(userId);
    if (known) return known;
    const asked = new Promise<boolean>((resolve, reject) => questions.add({ userId, resolve, reject }));
    cache.set(userId, asked);
    asked.catch(() => cache.delete(userId));
    return asked;
  };

  return {
    hidesReceipts: async ([a, b]) => {
      const both = await Promise.all([hides(a), hides(b)]);
      return both.includes(true);
    },
    apply: async ({ userId, readReceipts, at }) => {
      try {
        await privacy.updateOne({ _id: userId, at: { $lte: at } }, { $set: { readReceipts, at } }, { upsert: true });
      } catch (error) {
        // The filter missed since a newer event was here first, so the upsert met its document.
        if (!isDuplicateKey(error)) throw error;
      }
      cache.delete(userId);
    },
  };
}
