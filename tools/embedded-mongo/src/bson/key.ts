import type { BSONRegExp, BSONSymbol, Binary, Code, Decimal128, ObjectId, Timestamp } from 'bson';
import { Double } from 'bson';
import { decimalKey } from './decimal-key.ts';
import type { Doc } from './types.ts';
import { entries, typeOf } from './types.ts';

/** Ranks of types at which ranges begin and end. */
export const RANK = {
  undefined: 0x14,
  null: 0x18,
  number: 0x20,
  string: 0x28,
  object: 0x30,
  array: 0x38,
  maxKey: 0x78,
};

const EXACT = 0x80;
const TWO_53 = 2 ** 53;
/** Up to this length a loop is quicker than a call into C++. */
const SHORT = 80;

let buffer = Buffer.allocUnsafe(4096);
let at = 0;

function room(n: number): void {
  if (at + n <= buffer.length) return;
  const bigger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + n));
  buffer.copy(bigger, 0, 0, at);
  buffer = bigger;
}

/**
 * Encodes a value so that comparing the bytes compares the values in MongoDB's order: by type
 * first (all number types are one), then by value. No encoding is a prefix of another, so encodings
 * can be joined into compound keys.
 */
export function encodeKey(value: unknown): Buffer {
  at = 0;
  write(value);
  return Buffer.from(buffer.subarray(0, at));
}

/**
 * Encodes the values of a compound key; `descending[i]` turns the order of the i-th around.
 *
 * @param head bytes to leave free before them, @param tail bytes to leave free after them
 */
export function encodeCompoundKey(
  values: readonly unknown[],
  descending: readonly boolean[],
  head = 0,
  tail = 0,
): Buffer {
  at = head;
  writeFields(values, descending, 0, values.length);
  return written(tail);
}

/** The same for several keys of which the first `shared` values are those of the first; they are encoded once. */
export function encodeCompoundKeys(
  rows: readonly (readonly unknown[])[],
  shared: number,
  descending: readonly boolean[],
  head: number,
  tail: number,
): Buffer[] {
  at = head;
  writeFields(rows[0] ?? [], descending, 0, shared);
  const begun = at;
  return rows.map((values) => {
    at = begun;
    writeFields(values, descending, shared, values.length);
    return written(tail);
  });
}

function writeFields(values: readonly unknown[], descending: readonly boolean[], from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const start = at;
    write(values[i]);
    if (descending[i]) for (let j = start; j < at; j++) buffer[j] = ~(buffer[j] ?? 0);
  }
}

function written(tail: number): Buffer {
  const out = Buffer.allocUnsafe(at + tail);
  out.set(buffer.subarray(0, at));
  return out;
}

function write(value: unknown): void {
  const { rank, name } = typeOf(value);
  room(16);
  buffer[at++] = rank;
  switch (name) {
    case 'int':
    case 'double':
      writeDouble(value instanceof Double ? value.value : (value as number));
      buffer[at++] = EXACT;
      return;
    case 'long':
      return writeLong(value as bigint);
    case 'decimal': {
      const { approximate, rest } = decimalKey(value as Decimal128);
      writeDouble(approximate);
      return writeBytes(rest);
    }
    case 'string':
      return writeText(value as string);
    case 'symbol':
      return writeText((value as BSONSymbol).value);
    case 'object':
      return writeObject(value as Doc);
    case 'array':
      for (const item of value as unknown[]) write(item);
      room(1);
      buffer[at++] = 0;
      return;
    case 'binData': {
      const { sub_type, position, buffer: content } = value as Binary;
      at = buffer.writeUInt32BE(position, at);
      buffer[at++] = sub_type;
      return writeBytes(content.subarray(0, position));
    }
    case 'objectId':
      return writeBytes((value as ObjectId).id);
    case 'bool':
      buffer[at++] = value ? 2 : 1;
      return;
    case 'date':
      return writeDate((value as Date).getTime());
    case 'timestamp':
      at = buffer.writeBigUInt64BE(BigInt.asUintN(64, (value as Timestamp).toBigInt()), at);
      return;
    case 'regex':
      writeText((value as BSONRegExp).pattern);
      return writeText((value as BSONRegExp).options);
    case 'javascript':
      return writeText((value as Code).code);
    default:
      return;
  }
}

function writeBytes(bytes: Uint8Array): void {
  room(bytes.length + 16);
  buffer.set(bytes, at);
  at += bytes.length;
}

function writeDouble(v: number): void {
  if (Number.isNaN(v)) {
    buffer.fill(0, at, at + 8);
  } else {
    buffer.writeDoubleBE(v === 0 ? 0 : v, at);
    if ((buffer[at] ?? 0) & 0x80) for (let i = at; i < at + 8; i++) buffer[i] = ~(buffer[i] ?? 0);
    else buffer[at] = (buffer[at] ?? 0) | 0x80;
  }
  at += 8;
}

function writeLong(v: bigint): void {
  const approximate = Number(v);
  if (Math.abs(approximate) < TWO_53) {
    writeDouble(approximate);
    buffer[at++] = EXACT;
  } else {
    const key = decimalKey(v);
    writeDouble(key.approximate);
    writeBytes(key.rest);
  }
}

function writeDate(ms: number): void {
  const high = Math.floor(ms / 0x100000000);
  at = buffer.writeUInt32BE((high ^ 0x80000000) >>> 0, at);
  at = buffer.writeUInt32BE(ms - high * 0x100000000, at);
}

/** UTF-8 (memcmp is MongoDB's simple collation), with NUL escaped and two NULs at the end. */
function writeText(text: string): void {
  room(text.length * 6 + 16);
  const start = at;
  if (text.length <= SHORT) {
    let i = 0;
    for (let c = text.charCodeAt(0); c > 0 && c < 128; c = text.charCodeAt(++i)) buffer[at++] = c;
    if (i === text.length) {
      buffer[at++] = 0;
      buffer[at++] = 0;
      return;
    }
    at = start;
  }
  at += buffer.write(text, at);
  if (text.includes('\0')) {
    const escaped = Buffer.from(buffer.subarray(start, at).toString('latin1').replaceAll('\0', '\0\xff'), 'latin1');
    at = start;
    writeBytes(escaped);
  }
  buffer[at++] = 0;
  buffer[at++] = 0;
}

/** Field by field: type, then name, then value; a document that ends first is the smaller one. */
function writeObject(doc: Doc): void {
  for (const [name, value] of entries(doc)) {
    room(1);
    buffer[at++] = typeOf(value).rank;
    writeText(name);
    write(value);
  }
  room(1);
  buffer[at++] = 0;
}

/** The smallest key that is greater than every key that begins with `prefix`; undefined when there is none. */
export function successor(prefix: Buffer): Buffer | undefined {
  for (let i = prefix.length - 1; i >= 0; i--) {
    if (prefix[i] !== 0xff) {
      const next = Buffer.from(prefix.subarray(0, i + 1));
      next[i] = (next[i] ?? 0) + 1;
      return next;
    }
  }
  return undefined;
}
