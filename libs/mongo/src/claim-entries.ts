import type { Collection, Condition, Filter } from 'mongodb';
import type { OutboxDocument } from './outbox-document.ts';

export type EntryClaimer = {
  /** Ids of entries that nobody delivers, oldest first. */
  candidates(limit: number): Promise<string[]>;
  /** Takes an entry for the time of the lease; null when another instance was faster or it was delivered meanwhile. */
  claim(id: string): Promise<OutboxDocument | null>;
  /** Gives an entry back that could not be delivered, to be tried again after `retryMs`. */
  release(id: string, retryMs: number): Promise<void>;
};

/**
 * Sharing out the entries among all instances: whoever moves the lease in one atomic update has it.
 * No clock is trusted much: what lies further in the future than any lease was written by a clock that has been set
 * back since, and counts as past.
 */
export function createEntryClaimer(o: {
  collection: Collection<OutboxDocument>;
  clock: () => Date;
  olderThanMs: number;
  leaseMs: number;
}): EntryClaimer {
  const after = (ms: number): Date => new Date(o.clock().getTime() + ms);
  const unleased = (): Filter<OutboxDocument>[] => [
    { 'outbox.leaseUntil': { $exists: false } },
    { 'outbox.leaseUntil': { $lte: o.clock() } },
    { 'outbox.leaseUntil': { $gt: after(2 * o.leaseMs) } },
  ];
  const find = async (at: Condition<Date>, limit: number): Promise<string[]> => {
    const filter = { 'outbox.at': at, $or: unleased() };
    const found = o.collection.find(filter, { sort: { 'outbox.at': 1 }, limit, projection: { _id: 1 } });
    return (await found.toArray()).map(({ _id }) => _id);
  };

  return {
    candidates: async (limit) => {
      const due = await find({ $lte: after(-o.olderThanMs) }, limit);
      return due.length > 0 ? due : find({ $gt: after(2 * o.leaseMs) }, limit);
    },
    claim: (id) => {
      const filter = { _id: id, 'outbox.at': { $exists: true }, $or: unleased() };
      const lease = { $set: { 'outbox.leaseUntil': after(o.leaseMs) } };
      return o.collection.findOneAndUpdate(filter, lease, { returnDocument: 'after' });
    },
    release: async (id, retryMs) => {
      const filter = { _id: id, 'outbox.at': { $exists: true } };
      await o.collection.updateOne(filter, { $set: { 'outbox.leaseUntil': after(retryMs) } });
    },
  };
}
