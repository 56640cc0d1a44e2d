import { createBatcher } from '@parley/service-kit';
import type { AnyBulkWriteOperation, Collection, Filter } from 'mongodb';
import type { OutboxDocument } from './outbox-document.ts';

export type EntryClearer = {
  /** Unsets the entry of the document that matches; resolves when that is written. */
  clear(doc: OutboxDocument, filter: Filter<OutboxDocument>): Promise<void>;
};

const UNSET = { $unset: { outbox: '' } } as const;
const BATCH_MAX = 500;
const GATHER_MS = 50;

type Waiting = { doc: OutboxDocument; filter: Filter<OutboxDocument>; resolve(): void; reject(error: unknown): void };

/**
 * Unsets delivered entries, one write at a time with all that came up meanwhile. Entries with a token, which the next change of their
 * document replaces, need only one update for all of them; the others one each, in one bulk write. Not durable on purpose: an entry that comes
 * back is only delivered again.
 */
export function createEntryClearer(collection: Collection<OutboxDocument>): EntryClearer {
  const batches = createBatcher<Waiting>({
    max: BATCH_MAX,
    atOnce: 1,
    everyMs: GATHER_MS,
    run: async (batch) => {
      try {
        await collection.bulkWrite(unsetting(batch), { ordered: false, writeConcern: { w: 1 } });
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    },
  });
  return {
    clear: (doc, filter) => new Promise((resolve, reject) => batches.add({ doc, filter, resolve, reject })),
  };
}

function unsetting(batch: readonly Waiting[]): AnyBulkWriteOperation<OutboxDocument>[] {
  const ids: string[] = [];
  const tokens = new Set<string>();
  const operations: AnyBulkWriteOperation<OutboxDocument>[] = [];
  for (const { doc, filter } of batch) {
    const token = doc.outbox?.token;
    if (token === undefined) {
      operations.push({ updateOne: { filter: { ...filter, _id: doc._id }, update: UNSET } });
    } else {
      ids.push(doc._id);
      tokens.add(token);
    }
  }
  if (ids.length > 0) {
    const filter = { _id: { $in: ids }, 'outbox.token': { $in: [...tokens] } };
    operations.push({ updateMany: { filter, update: UNSET } });
  }
  return operations;
}
