import { checkDeadline } from '../deadline.ts';
import type { Collection } from '../storage/collection.ts';
import { isUnique } from '../storage/index-spec.ts';
import { documentKey, lastRecord, recordAtEnd, recordOf } from '../storage/keyspace.ts';
import type { Store, StoreEntry } from '../storage/store.ts';
import type { Plan } from './plan.ts';
import type { KeyRange } from './walk.ts';

/** What a query has read so far, for `explain`. */
export type ScanStats = { keys: number; docs: number };

export type Found = { record: number; bytes: Buffer };

const FIRST_CHUNK = 16;
const LAST_CHUNK = 512;

/**
 * The documents of a plan, in its order. Reads in chunks and begins each at the last key, so nothing
 * of the store stays open between two batches of a cursor, and what is deleted meanwhile is skipped.
 */
export function* scan(
  store: Store,
  collection: Collection,
  plan: Plan,
  stats: ScanStats,
  expected?: number,
): Generator<Found> {
  if (plan.kind === 'collection') {
    const range = { start: documentKey(collection.id, 0), end: documentKey(collection.id, lastRecord) };
    for (const { key, value } of entries(store, [range], plan.reverse, Math.min(expected ?? FIRST_CHUNK, 64), 64)) {
      checkDeadline();
      stats.docs++;
      yield { record: recordAtEnd(key), bytes: value };
    }
    return;
  }
  for (const record of records(store, collection, plan, stats, expected)) {
    const bytes = collection.read(record);
    if (!bytes) continue;
    stats.docs++;
    yield { record, bytes };
  }
}

/** The record ids of an index plan, each once: what a covered count needs. */
export function* records(
  store: Store,
  collection: Collection,
  plan: Plan,
  stats: ScanStats,
  expected?: number,
): Generator<number> {
  if (plan.kind === 'collection') {
    for (const { record } of scan(store, collection, plan, stats, expected)) yield record;
    return;
  }
  const seen = plan.kind === 'or' || plan.distinct ? new Set<number>() : undefined;
  for (const record of unfiltered(store, collection, plan, stats, expected)) {
    checkDeadline();
    if (seen?.has(record)) continue;
    seen?.add(record);
    yield record;
  }
}

function* unfiltered(
  store: Store,
  collection: Collection,
  plan: Plan,
  stats: ScanStats,
  expected?: number,
): Generator<number> {
  if (plan.kind === 'or') {
    for (const branch of plan.branches) yield* unfiltered(store, collection, branch, stats);
  } else if (plan.kind === 'index' && plan.points) {
    for (const key of plan.points) {
      const record = store.getRecord(key);
      if (record === undefined) continue;
      stats.keys++;
      yield record;
    }
  } else if (plan.kind === 'index') {
    const inValue = isUnique(plan.index);
    const ranges = plan.reverse ? [...plan.ranges].reverse() : plan.ranges;
    for (const { key, value } of entries(store, ranges, plan.reverse, expected ?? FIRST_CHUNK, LAST_CHUNK)) {
      stats.keys++;
      yield inValue ? recordOf(value) : recordAtEnd(key);
    }
  }
}

const NUL = Buffer.from([0]);

function* entries(
  store: Store,
  ranges: readonly KeyRange[],
  reverse: boolean,
  first: number,
  most: number,
): Generator<StoreEntry> {
  let limit = Math.max(1, Math.min(first, most));
  for (const range of ranges) {
    let { start, end } = range;
    for (;;) {
      const chunk = store.range({ start, end, reverse, limit });
      yield* chunk;
      const last = chunk.at(-1);
      if (!last || chunk.length < limit) break;
      if (reverse) end = last.key;
      else start = Buffer.concat([last.key, NUL]);
      limit = Math.min(limit * 4, most);
    }
  }
}
