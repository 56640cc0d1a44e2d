import { ObjectId } from 'bson';
import { encodeKey } from './key.ts';
import { typeOf } from './types.ts';

/** Compares two values in MongoDB's order; the key encoding is the one definition of that order. */
export function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number' && a === a && b === b) return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'string' && typeof b === 'string' && a === b) return 0;
  if (a instanceof Date && b instanceof Date) return Math.sign(a.getTime() - b.getTime());
  return Buffer.compare(encodeKey(a), encodeKey(b));
}

/** Whether two values are the same to a query: numbers across types, documents field by field in order. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === 'string' && typeof b === 'string') return false;
  if (typeOf(a).rank !== typeOf(b).rank) return false;
  if (a instanceof ObjectId && b instanceof ObjectId) return a.equals(b);
  return compare(a, b) === 0;
}
