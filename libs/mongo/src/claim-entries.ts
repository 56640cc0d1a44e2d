import { randomUUID } from 'node:crypto';
import type { Collection, Condition, Filter } from 'mongodb';
import type { OutboxDocument } from './outbox-document.ts';

export type EntryClaimer = {
  /** Ids of entries that nobody delivers, oldest first. */
  candidates(limit: number): Promise<string[]>;
  /** Takes those of them for the time of the lease that no other instance took, and that were not delivered, meanwhile. */
  claim(ids: string[]): Promise<OutboxDocument[]>;
  /** Gives claimed entries back that were not delivered, to be tried again after `retryMs`. */
  release(docs: OutboxDocument[], retryMs: number): Promise<void>;
};

/**
 * Sharing out the entries among all instances: whoever moves a lease in one atomic update has the entry, and knows it by
 * the name it put there. Two operations a batch: a backlog drains several times faster than by one update an entry.
 *
 * No clock is trusted much: what lies further in the future than any lease was written by a clock that has been set
 * back since, and counts as past.
 */
export function createEntryClaimer(o: {
  collection: Collection<OutboxDocument>;
  clock: () => Date;
  olderThanMs: number;
  leaseMs: number;
}): EntryClaimer {
  const { collection } = o;
  const after = (ms: number): Date => new Date(o.clock().getTime() + ms);
  const unleased = (): Filter<OutboxDocument>[] => [
    { 'outbox.leaseUntil': { $exists: false } },
    { 'outbox.leaseUntil': { $lte: o.clock() } },
    { 'outbox.leaseUntil': { $gt: after(2 * o.leaseMs) } },
  ];
  const find = async (at: Condition<Date>, limit: number): Promise<string[]> => {
    const options = { sort: { 'outbox.at': 1 }, limit, projection: { _id: 1 } } as const;
    const found = await collection.find({ 'outbox.at': at, $or: unleased() }, options).toArray();
    return found.map(({ _id }) => _id);
  };

  return {
    candidates: async (limit) => {
      const due = await find({ $lte: after(-o.olderThanMs) }, limit);
      return due.length > 0 ? due : find({ $gt: after(2 * o.leaseMs) }, limit);
    },
    claim: async (ids) => {
      if (ids.length === 0) return [];
      const leasedBy = randomUUID();
      const { modifiedCount } = await collection.updateMany(
        { _id: { $in: ids }, 'outbox.at': { $exists: true }, $or: unleased() },
        { $set: { 'outbox.leaseUntil': after(o.leaseMs), 'outbox.leasedBy': leasedBy } },
      );
      if (modifiedCount === 0) return [];
      return collection.find({ _id: { $in: ids }, 'outbox.leasedBy': leasedBy }).toArray();
    },
    release: async (docs, retryMs) => {
      const leasedBy = docs[0]?.outbox?.leasedBy;
      if (leasedBy === undefined) return;
      await collection.updateMany(
        { _id: { $in: docs.map(({ _id }) => _id) }, 'outbox.leasedBy': leasedBy },
        { $set: { 'outbox.leaseUntil': after(retryMs) } },
      );
    },
  };
}
