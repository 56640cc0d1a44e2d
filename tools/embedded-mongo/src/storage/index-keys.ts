import { createHash } from 'node:crypto';
import { encodeCompoundKey, encodeCompoundKeys } from '../bson/key.ts';
import type { Doc } from '../bson/types.ts';
import { EMPTY_ARRAY, field, isDoc, isIndex } from '../bson/types.ts';
import { CommandError } from '../errors.ts';
import type { Index } from './index-spec.ts';
import { isUnique } from './index-spec.ts';
import { PREFIX_BYTES, RECORD_BYTES } from './keyspace.ts';

/** One entry of an index: the values of its fields and its key in the store. */
export type Entry = { values: readonly unknown[]; key: Buffer };

/** The values one document has at one path of an index, and whether an array stood on the way. */
type PathValues = { values: unknown[]; array: boolean; missing: boolean };

/** The entries of a document in an index: none when it is not covered, several when a field is an array. */
export function entriesOf(index: Index, doc: Doc, record: number): Entry[] {
  if (index.covers && !index.covers(doc)) return [];
  const plain = index.sparse ? undefined : plainValues(index, doc);
  if (plain) return [entry(index, plain, record)];
  const fields = index.paths.map((parts) => indexValues(doc, parts));
  if (index.sparse && fields.every((f) => f.missing)) return [];
  const arrays = fields.flatMap((f, i) => (f.array ? [i] : []));
  checkParallel(index, arrays);
  for (const i of arrays) index.multikey.add(i);
  const count = Math.max(...fields.map((f) => f.values.length));
  const rows = Array.from({ length: count }, (_, row) => fields.map((f) => (f.array ? f.values[row] : f.values[0])));
  if (rows.length === 1) return [entry(index, rows[0] ?? [], record)];
  const tail = tailOf(index);
  const keys = encodeCompoundKeys(rows, arrays[0] ?? 0, index.descending, PREFIX_BYTES, tail);
  const made = keys.map((key, i) => ({ values: rows[i] ?? [], key: finish(index, key, tail, record) }));
  return arrays.length === 1 && areDistinct(fields[arrays[0] ?? 0]?.values ?? []) ? made : distinct(made);
}

/** Whether items are seen at a glance to be all different. */
function areDistinct(items: readonly unknown[]): boolean {
  return items.every((item) => typeof item === 'string') && new Set(items).size === items.length;
}

const distinct = (entries: readonly Entry[]): Entry[] => [
  ...new Map(entries.map((one) => [one.key.toString('latin1'), one])).values(),
];

/** The values of the usual document, that has no array on the paths of an index. */
function plainValues({ paths }: Index, doc: Doc): unknown[] | undefined {
  const values: unknown[] = [];
  for (const parts of paths) {
    let value: unknown = doc;
    for (const part of parts) value = isDoc(value) ? field(value, part) : Array.isArray(value) ? value : undefined;
    if (Array.isArray(value)) return undefined;
    values.push(value ?? null);
  }
  return values;
}

/** lmdb limits keys to 1,978 bytes; of longer ones the beginning is kept, and a hash that keeps them apart. */
export const MAX_KEY_BYTES = 1900;

const tailOf = (index: Index): number => (isUnique(index) ? 0 : RECORD_BYTES);

function entry(index: Index, values: unknown[], record: number): Entry {
  const tail = tailOf(index);
  const key = encodeCompoundKey(values, index.descending, PREFIX_BYTES, tail);
  return { values, key: finish(index, key, tail, record) };
}

/** Puts the number of its index before a key and, where the index isn't unique, the record id after it. */
function finish(index: Index, full: Buffer, tail: number, record: number): Buffer {
  const key = full.length - PREFIX_BYTES - tail > MAX_KEY_BYTES ? cut(full, tail) : full;
  key.writeUInt32BE(index.id, 0);
  if (tail) key.writeUIntBE(record, key.length - tail, RECORD_BYTES);
  return key;
}

function cut(key: Buffer, tail: number): Buffer {
  const hash = createHash('sha256')
    .update(key.subarray(PREFIX_BYTES, key.length - tail))
    .digest();
  return Buffer.concat([key.subarray(0, PREFIX_BYTES + MAX_KEY_BYTES), hash, Buffer.alloc(tail)]);
}

/** Two arrays in one compound key are refused, unless both fields lie in the same array of documents. */
function checkParallel(index: Index, arrays: readonly number[]): void {
  const [first = 0, ...others] = arrays;
  const root = index.paths[first]?.[0];
  for (const i of others) {
    if (index.paths[i]?.[0] !== root) {
      throw new CommandError(171, `cannot index parallel arrays [${index.paths[i]?.[0] ?? ''}] [${root ?? ''}]`);
    }
  }
}

function indexValues(doc: Doc, parts: readonly string[]): PathValues {
  const out: PathValues = { values: [], array: false, missing: true };
  collect(doc, parts, 0, out);
  return out;
}

function collect(doc: Doc, parts: readonly string[], from: number, out: PathValues): void {
  const value = field(doc, parts[from] ?? '');
  const last = from === parts.length - 1;
  if (Array.isArray(value)) {
    out.array = true;
    out.missing = false;
    const position = parts[from + 1];
    if (position !== undefined && isIndex(position) && !value.some(isDoc)) {
      const item = (value as unknown[])[Number(position)];
      if (from + 2 === parts.length) out.values.push(item ?? null);
      else if (isDoc(item)) collect(item, parts, from + 2, out);
      else out.values.push(null);
    } else if (last) {
      out.values.push(...(value.length ? (value as unknown[]) : [EMPTY_ARRAY]));
    } else if (value.length === 0) {
      out.values.push(null);
    } else {
      for (const item of value as unknown[]) {
        if (isDoc(item)) collect(item, parts, from + 1, out);
        else out.values.push(null);
      }
    }
  } else if (last) {
    out.values.push(value ?? null);
    if (value !== undefined) out.missing = false;
  } else if (isDoc(value)) {
    collect(value, parts, from + 1, out);
  } else {
    out.values.push(null);
  }
}
