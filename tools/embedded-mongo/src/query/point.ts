import { Binary, ObjectId } from 'bson';
import { encodeCompoundKey } from '../bson/key.ts';
import type { Doc } from '../bson/types.ts';
import { isDoc } from '../bson/types.ts';
import type { Collection } from '../storage/collection.ts';
import { MAX_KEY_BYTES } from '../storage/index-keys.ts';
import type { Index } from '../storage/index-spec.ts';
import { isUnique } from '../storage/index-spec.ts';
import { PREFIX_BYTES } from '../storage/keyspace.ts';

/** Entries of a unique index that a filter names one by one, by their keys in the store, in the index's order. */
export type Points = { index: Index; keys: Buffer[]; exact: boolean };

/**
 * The usual query, seen without planning: plain values for every field of a unique index, or `$in` of plain values for
 * the one field it has.
 */
export function findPoints(collection: Collection, filter: Doc): Points | undefined {
  for (const index of collection.indexes) {
    if (!isUnique(index) || index.covers || index.spec.hidden || index.multikey.size > 0) continue;
    const [name = ''] = index.names;
    const first = filter[name];
    if (first === undefined) continue;
    const keys = index.names.length === 1 ? keysOfOne(index, first) : keyOfAll(index, filter);
    if (keys) return { index, keys, exact: Object.keys(filter).length === index.names.length };
  }
  return undefined;
}

function keysOfOne(index: Index, value: unknown): Buffer[] | undefined {
  if (isPlain(value)) return compact([keyOf(index, [value])]);
  if (!isDoc(value)) return undefined;
  const items = value['$in'];
  if (!Array.isArray(items) || Object.keys(value).length > 1 || !items.every(isPlain)) return undefined;
  const keys = compact(items.map((item) => keyOf(index, [item])))?.sort((a, b) => Buffer.compare(a, b));
  return keys?.filter((key, i) => i === 0 || !key.equals(keys[i - 1] as Buffer));
}

function keyOfAll(index: Index, filter: Doc): Buffer[] | undefined {
  const values = index.names.map((name) => filter[name]);
  return values.every(isPlain) ? compact([keyOf(index, values)]) : undefined;
}

/** Long keys are cut, so that they would find others too. */
function keyOf(index: Index, values: readonly unknown[]): Buffer | undefined {
  const key = encodeCompoundKey(values, index.descending, PREFIX_BYTES);
  key.writeUInt32BE(index.id, 0);
  return key.length - PREFIX_BYTES > MAX_KEY_BYTES ? undefined : key;
}

const compact = (keys: readonly (Buffer | undefined)[]): Buffer[] | undefined =>
  keys.every((key) => key !== undefined) ? [...keys] : undefined;

function isPlain(v: unknown): boolean {
  switch (typeof v) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return true;
    default:
      return v instanceof ObjectId || v instanceof Date || v instanceof Binary;
  }
}
