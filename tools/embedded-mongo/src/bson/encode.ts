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

/** Puts encoded documents into one BSON array without decoding them. */
export function arrayOfRaw(name: string, docs: readonly Buffer[]): Buffer {
  let size = 5;
  for (let i = 0; i < docs.length; i++) size += 2 + String(i).length + (docs[i]?.length ?? 0);
  const out = Buffer.allocUnsafe(1 + name.length + 1 + size);
  out[0] = 0x04;
  let at = out.write(name, 1, 'latin1') + 1;
  out[at++] = 0;
  at = out.writeInt32LE(size, at);
  for (let i = 0; i < docs.length; i++) {
    out[at++] = 0x03;
    at += out.write(String(i), at, 'latin1');
    out[at++] = 0;
    const doc = docs[i];
    if (doc) at += doc.copy(out, at);
  }
  out[at] = 0;
  return out;
}

/** Joins fields that are already encoded (type, name, value) into a document. */
export function documentOf(fields: readonly Buffer[]): Buffer {
  const size = fields.reduce((n, f) => n + f.length, 5);
  const head = Buffer.allocUnsafe(4);
  head.writeInt32LE(size);
  return Buffer.concat([head, ...fields, Buffer.from([0])], size);
}

/** The fields of an encoded document, without its length and its end. */
export function fieldsOf(doc: Buffer): Buffer {
  return doc.subarray(4, doc.length - 1);
}
