import type { UserId } from '@parley/domain';
import { DURABLE, isDuplicateKey } from '@parley/mongo';
import type { Clock } from '@parley/service-kit';
import type { Collection } from 'mongodb';
import { relationId } from '../relation-id.ts';
import type { BlockDocument } from './block-document.ts';

/** The list goes out whole. */
const LISTED_MAX = 5_000;

export type Blocks = {
  /** Newest first. */
  list(ownerId: UserId): Promise<UserId[]>;
  /** As often as one likes: only what changes something is announced. */
  add(ownerId: UserId, otherId: UserId): Promise<void>;
  remove(ownerId: UserId, otherId: UserId): Promise<void>;
};

export function createBlocks(o: {
  blocks: Collection<BlockDocument>;
  announce(block: BlockDocument): void;
  clock: Clock;
}): Blocks {
  const { blocks, clock } = o;
  return {
    list: async (ownerId) => {
      const found = blocks.find({ ownerId, removedAt: null }, { sort: { at: -1 }, limit: LISTED_MAX });
      return (await found.toArray()).map(({ otherId }) => otherId);
    },
    add: async (ownerId, otherId) => {
      const now = clock();
      try {
        const block = await blocks.findOneAndUpdate(
          { _id: relationId(ownerId, otherId), removedAt: { $ne: null } },
          {
            $set: { at: now, removedAt: null, outbox: { at: now } },
            $setOnInsert: { ownerId, otherId },
            $inc: { version: 1 },
          },
          { upsert: true, returnDocument: 'after', writeConcern: DURABLE },
        );
        if (block) o.announce(block);
      } catch (error) {
        // A block that stands doesn't match, and the upsert finds its id taken: nothing to do.
        if (!isDuplicateKey(error)) throw error;
      }
    },
    remove: async (ownerId, otherId) => {
      const now = clock();
      const block = await blocks.findOneAndUpdate(
        { _id: relationId(ownerId, otherId), removedAt: null },
        { $set: { removedAt: now, outbox: { at: now } }, $inc: { version: 1 } },
        { returnDocument: 'after', writeConcern: DURABLE },
      );
      if (block) o.announce(block);
    },
  };
}
