import { pairKey, type MemberPair, type UserId } from '@parley/domain';
import { isDuplicateKey } from '@parley/mongo';
import { createBatcher } from '@parley/service-kit';
import { LRUCache } from 'lru-cache';
import type { Database } from '../../database.ts';

/** How long another instance, which did not get the event, may go by what it read. */
const CACHE_MS = 2_000;
const CACHED_PAIRS = 50_000;
const ASKED_AT_ONCE = 250;

export type Blocks = {
  /** Whether either blocks the other. */
  between(pair: MemberPair): Promise<boolean>;
  /** Takes over what user-api told; events may come late, twice and in any order. */
  apply(event: { userId: UserId; blockedUserId: UserId; blocked: boolean; at: Date }): Promise<void>;
};

const blockId = (userId: UserId, blockedUserId: UserId) => `${userId}:${blockedUserId}`;

type Question = { ids: string[]; resolve(isBlocked: boolean): void; reject(error: unknown): void };

/** Who blocks whom, as user-api told: a projection, so that sending needs no other service. */
export function createBlocks({ blocks }: Pick<Database, 'blocks'>): Blocks {
  const cache = new LRUCache<string, Promise<boolean>>({ max: CACHED_PAIRS, ttl: CACHE_MS });

  // Many pairs write at once, and what is known of each soon counts no more: the questions of one turn are one read.
  const questions = createBatcher<Question>({
    max: ASKED_AT_ONCE,
    run: async (batch) => {
      try {
        const filter = { _id: { $in: batch.flatMap(({ ids }) => ids) }, blocked: true };
        const found = await blocks.find(filter, { projection: { _id: 1 } }).toArray();
        const blocking = new Set(found.map(({ _id }) => _id));
        for (const { ids, resolve } of batch) resolve(ids.some((id) => blocking.has(id)));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    },
  });

  return {
    between: ([a, b]) => {
      const key = pairKey([a, b]);
      const known = cache.get(key);
      if (known) return known;
      const ids = [blockId(a, b), blockId(b, a)];
      const asked = new Promise<boolean>((resolve, reject) => questions.add({ ids, resolve, reject }));
      cache.set(key, asked);
      asked.catch(() => cache.delete(key));
      return asked;
    },
    apply: async ({ userId, blockedUserId, blocked, at }) => {
      const _id = blockId(userId, blockedUserId);
      try {
        await blocks.updateOne({ _id, at: { $lte: at } }, { $set: { blocked, at } }, { upsert: true });
      } catch (error) {
        // The filter missed since a newer event was here first, so the upsert met its document.
        if (!isDuplicateKey(error)) throw error;
      }
      cache.delete(pairKey(userId < blockedUserId ? [userId, blockedUserId] : [blockedUserId, userId]));
    },
  };
}
