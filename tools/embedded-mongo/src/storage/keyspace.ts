/**
 * The one key space of the store. Every key begins with a 32-bit number:
 *   0          what the engine knows about itself (see Catalog)
 *   n > 0      the documents of a collection (then: record id, 48 bits) or the entries of an index
 *              (then: the encoded values and, when not unique, the record id).
 */
export const PREFIX_BYTES = 4;
export const RECORD_BYTES = 6;
const MAX_RECORD = 2 ** 48 - 1;

export function prefix(id: number): Buffer {
  const out = Buffer.allocUnsafe(4);
  out.writeUInt32BE(id);
  return out;
}

export function documentKey(collection: number, record: number): Buffer {
  const out = Buffer.allocUnsafe(10);
  out.writeUInt32BE(collection, 0);
  out.writeUIntBE(record, 4, 6);
  return out;
}

export function recordBytes(record: number): Buffer {
  const out = Buffer.allocUnsafe(6);
  out.writeUIntBE(record, 0, 6);
  return out;
}

export const recordAtEnd = (key: Buffer): number => key.readUIntBE(key.length - 6, 6);
export const recordOf = (value: Buffer): number => value.readUIntBE(0, 6);
export const lastRecord = MAX_RECORD;
