import { BSONRegExp, Binary, Decimal128, Double, ObjectId, Timestamp } from 'bson';
import type { Doc } from '../bson/types.ts';
import { EMPTY_ARRAY, entries, setField } from '../bson/types.ts';
import { CommandError } from '../errors.ts';
import type { Index } from './index-spec.ts';

/** MongoDB's E11000, with the fields that drivers and programs read: `keyPattern` and `keyValue`. */
export function duplicateKey(ns: string, index: Index, values: readonly unknown[]): CommandError {
  const keyValue: Doc = {};
  index.names.forEach((name, i) => setField(keyValue, name, values[i] === EMPTY_ARRAY ? undefined : values[i]));
  const message = `E11000 duplicate key error collection: ${ns} index: ${index.spec.name} dup key: ${show(keyValue)}`;
  return new CommandError(11000, message, { keyPattern: index.spec.key, keyValue });
}

/** A value as MongoDB's messages show it. */
export function show(v: unknown): string {
  if (v === null) return 'null';
  if (v === undefined) return 'undefined';
  if (typeof v === 'string') return JSON.stringify(v);
  if (typeof v === 'number') return Number.isInteger(v) ? `${v}` : `${v}`;
  if (v instanceof Double) return `${v.value.toFixed(1)}`;
  if (v instanceof ObjectId) return `ObjectId('${v.toHexString()}')`;
  if (v instanceof Date) return `new Date(${v.getTime()})`;
  if (v instanceof Decimal128) return `${v.toString()}`;
  if (v instanceof Timestamp) return `Timestamp(${v.getHighBitsUnsigned()}, ${v.getLowBitsUnsigned()})`;
  if (v instanceof BSONRegExp) return `/${v.pattern}/${v.options}`;
  if (v instanceof Binary)
    return v.sub_type === 4
      ? `UUID("${v.toUUID().toString()}")`
      : `BinData(${v.sub_type}, ${v.toString('hex').toUpperCase()})`;
  if (Array.isArray(v)) return v.length ? `[ ${v.map(show).join(', ')} ]` : '[]';
  if (typeof v !== 'object') return String(v);
  const fields = entries(v as Doc).map(([key, value]) => `${key}: ${show(value)}`);
  return fields.length ? `{ ${fields.join(', ')} }` : '{}';
}
