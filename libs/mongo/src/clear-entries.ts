import type { Collection, Filter } from 'mongodb';
import type { OutboxDocument } from './outbox-document.ts';

export type EntryClearer = {
  /** Unsets the entry of the document that matches; resolves when that is written. */
  clear(filter: Filter<OutboxDocument>): Promise<void>;
};

const UNSET = { $unset: { outbox: '' } } as const;

type Waiting = { filter: Filter<OutboxDocument>; resolve(): void; reject(error: unknown): void };

/**
 * Unsets delivered entries, one bulk write at a time with all that came up meanwhile: one update alone costs the
 * driver five times as much. Not durable on purpose: an entry that comes back is only delivered again.
 */
export function createEntryClearer(collection: Collection<OutboxDocument>): EntryClearer {
  let waiting: Waiting[] = [];
  let isWriting = false;

  const writeAll = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await collection.bulkWrite(
          batch.map(({ filter }) => ({ updateOne: { filter, update: UNSET } })),
          { ordered: false, writeConcern: { w: 1 } },
        );
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isWriting = false;
  };

  return {
    clear: (filter) =>
      new Promise((resolve, reject) => {
        waiting.push({ filter, resolve, reject });
        if (!isWriting) void writeAll();
      }),
  };
}
