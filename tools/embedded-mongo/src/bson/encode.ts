import { serialize } from 'bson';
import { CommandError } from '../errors.ts';
import type { Doc } from './types.ts';
import { isDoc, nameOf } from './types.ts';

/** The largest document MongoDB stores, and the largest a client may send (16 MiB). */
export const MAX_BSON_SIZE = 16 * 1024 * 1024;

const INTERNAL_MARGIN = 16 * 1024;

/** Encodes a document as BSON bytes; numbers keep the types that `decode` gave them. */
export function encode(doc: Doc): Buffer {
  const bytes = serialize((hasMovingNames(doc) ? inOrder(doc) : doc) as Doc, { ignoreUndefined: false });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function hasMovingNames(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasMovingNames);
  if (!isDoc(value)) return false;
  for (const key in value) if (key.charCodeAt(0) === 0 || hasMovingNames(value[key])) return true;
  return false;
}

/** bson writes a Map in its order: see `keyOf`. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  return isDoc(value) ? new Map(Object.entries(value).map(([key, item]) => [nameOf(key), inOrder(item)])) : value;
}

/** Encodes a document that is going to be stored. */
export const encodeStored = (doc: Doc): Buffer => checkSize(encode(doc));

/** Refuses to store what is too large. */
export function checkSize(bytes: Buffer): Buffer {
  if (bytes.length > MAX_BSON_SIZE) {
    throw new CommandError(
      10334,
      `BSONObj size: ${bytes.length} (0x${bytes.length.toString(16).toUpperCase()}) is invalid. Size must be between 0 and ${MAX_BSON_SIZE + INTERNAL_MARGIN}(16MB)`,
    );
  }
  return bytes;
}

/** The parts of an array field of encoded documents. */
export function arrayParts(name: string, docs: readonly Buffer[]): Buffer[] {
  const parts: Buffer[] = [];
  for (let i = 0; i < docs.length; i++) parts.push(itemHead(i), docs[i] as Buffer);
  return [Buffer.from(`\x04${name}\0`, 'latin1'), ...documentParts(parts)];
}

const ITEM_HEADS: Buffer[] = [];

/** Type and name of the i-th item of an array of documents; those of usual batches are kept. */
function itemHead(i: number): Buffer {
  const known = ITEM_HEADS[i];
  if (known) return known;
  const head = Buffer.from(`\x03${i}\0`, 'latin1');
  if (i < 1000) ITEM_HEADS[i] = head;
  return head;
}

const END = Buffer.from([0]);

/** A document around fields that are encoded already (type, name, value), in parts. */
export function documentParts(fields: readonly Buffer[]): Buffer[] {
  const size = Buffer.allocUnsafe(4);
  size.writeInt32LE(fields.reduce((n, part) => n + part.length, 5));
  return [size, ...fields, END];
}

/** The same in one piece, with some bytes left free before it. */
export function documentOf(head: number, fields: readonly Buffer[]): Buffer {
  const size = fields.reduce((n, part) => n + part.length, 5);
  const out = Buffer.allocUnsafe(head + size);
  let at = out.writeInt32LE(size, head);
  for (const part of fields) {
    out.set(part, at);
    at += part.length;
  }
  out[at] = 0;
  return out;
}

/** The fields of an encoded document, without its length and its end. */
export function fieldsOf(doc: Buffer): Buffer {
  return doc.subarray(4, doc.length - 1);
}
