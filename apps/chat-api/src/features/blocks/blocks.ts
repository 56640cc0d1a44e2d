import { pairKey, type MemberPair, type UserId } from '@parley/domain';
import { isDuplicateKey } from '@parley/mongo';
import { LRUCache } from 'lru-cache';
import type { Database } from '../../database.ts';

/** How long another instance, which did not get the event, may go by what it read. */
const CACHE_MS = 2_000;
const CACHED_PAIRS = 50_000;

export type Blocks = {
  /** Whether either blocks the other. */
  between(pair: MemberPair): Promise<boolean>;
  /** Takes over what user-api told; events may come late, twice and in any order. */
  apply(event: { userId: UserId; blockedUserId: UserId; blocked: boolean; at: Date }): Promise<void>;
};

const blockId = (userId: UserId, blockedUserId: UserId) => `${userId}:${blockedUserId}`;

/** Who blocks whom, as user-api told: a projection, so that sending needs no other service. */
export function createBlocks({ blocks }: Pick<Database, 'blocks'>): Blocks {
  const cache = new LRUCache<string, boolean>({ max: CACHED_PAIRS, ttl: CACHE_MS });

  return {
    between: async ([a, b]) => {
      const key = pairKey([a, b]);
      const known = cache.get(key);
      if (known !== undefined) return known;
      const filter = { _id: { $in: [blockId(a, b), blockId(b, a)] }, blocked: true };
      const found = (await blocks.findOne(filter, { projection: { _id: 1 } })) !== null;
      cache.set(key, found);
      return found;
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
