import { BSONRegExp, BSONSymbol, Binary, Code, Decimal128, Double, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';

/** A decoded document: int32 and double are numbers (a whole double of int32 size is a `Double`), int64 is a bigint. */
export type Doc = Record<string, unknown>;

/** The names and numbers of `$type`, and the order of types in sorts and indexes (`rank`). */
type TypeInfo = { name: string; number: number; rank: number };

const info = (name: string, number: number, rank: number): TypeInfo => ({ name, number, rank });

const MISSING = info('missing', 0, 0x18);
const UNDEFINED = info('undefined', 6, 0x14);
const NULL = info('null', 10, 0x18);
const INT = info('int', 16, 0x20);
const LONG = info('long', 18, 0x20);
const DOUBLE = info('double', 1, 0x20);
const DECIMAL = info('decimal', 19, 0x20);
const STRING = info('string', 2, 0x28);
const SYMBOL = info('symbol', 14, 0x28);
const OBJECT = info('object', 3, 0x30);
const ARRAY = info('array', 4, 0x38);
const BINARY = info('binData', 5, 0x40);
const OBJECT_ID = info('objectId', 7, 0x48);
const BOOL = info('bool', 8, 0x50);
const DATE = info('date', 9, 0x58);
const TIMESTAMP = info('timestamp', 17, 0x60);
const REGEX = info('regex', 11, 0x68);
const CODE = info('javascript', 13, 0x70);
const MIN_KEY = info('minKey', -1, 0x10);
const MAX_KEY = info('maxKey', 127, 0x78);

export const TYPES = [
  UNDEFINED, NULL, INT, LONG, DOUBLE, DECIMAL, STRING, SYMBOL, OBJECT, ARRAY, BINARY,
  OBJECT_ID, BOOL, DATE, TIMESTAMP, REGEX, CODE, MIN_KEY, MAX_KEY,
]; // prettier-ignore

const isInt32 = (v: number): boolean => v >= -0x80000000 && v <= 0x7fffffff && Number.isInteger(v) && !Object.is(v, -0);

/** What an index and a sort see for an empty array: MongoDB takes BSON's undefined, just before null. */
export const EMPTY_ARRAY = Symbol('empty array');

/** The BSON type of a decoded value; `undefined` stands for a field that is missing. */
export function typeOf(v: unknown): TypeInfo {
  switch (typeof v) {
    case 'string':
      return STRING;
    case 'number':
      return isInt32(v) ? INT : DOUBLE;
    case 'boolean':
      return BOOL;
    case 'bigint':
      return LONG;
    case 'undefined':
      return MISSING;
    case 'symbol':
      return UNDEFINED;
    default:
      return v === null ? NULL : typeOfObject(v as object);
  }
}

function typeOfObject(v: object): TypeInfo {
  if (Array.isArray(v)) return ARRAY;
  if (v instanceof Date) return DATE;
  if (!('_bsontype' in v)) return OBJECT;
  if (v instanceof ObjectId) return OBJECT_ID;
  if (v instanceof Double) return DOUBLE;
  if (v instanceof Binary) return BINARY;
  if (v instanceof Decimal128) return DECIMAL;
  if (v instanceof Timestamp) return TIMESTAMP;
  if (v instanceof BSONRegExp) return REGEX;
  if (v instanceof BSONSymbol) return SYMBOL;
  if (v instanceof MinKey) return MIN_KEY;
  if (v instanceof MaxKey) return MAX_KEY;
  return v instanceof Code ? CODE : OBJECT;
}

/** Whether a value is an embedded document, not an array and not a BSON scalar. */
export function isDoc(v: unknown): v is Doc {
  return typeof v === 'object' && v !== null && typeOfObject(v) === OBJECT;
}

/** The JavaScript number of int, long (rounded), double; undefined for what is no such number. */
export function asNumber(v: unknown): number | undefined {
  if (typeof v === 'number') return v;
  if (typeof v === 'bigint') return Number(v);
  if (v instanceof Double) return v.value;
  return v instanceof Decimal128 ? Number(v.toString()) : undefined;
}

const INDEX = /^(0|[1-9]\d*)$/;

/** Whether a part of a path can be a position in an array. */
export const isIndex = (part: string): boolean => INDEX.test(part);

/**
 * The property that holds a field. JavaScript moves properties such as "1" to the front of an object, so in a `Doc` they
 * begin with NUL, which no BSON name can have, and keep their place.
 */
export function keyOf(name: string): string {
  const c = name.charCodeAt(0);
  return c >= 0x30 && c <= 0x39 && INDEX.test(name) ? '\0' + name : name;
}

/** The name of the field that a property holds. */
export const nameOf = (key: string): string => (key.charCodeAt(0) === 0 ? key.slice(1) : key);

/** A field of a document; what JavaScript objects inherit is no field. */
export function field(doc: Doc, name: string): unknown {
  const key = keyOf(name);
  // Documents that mingo made have plain names.
  const v = key === name || key in doc ? doc[key] : doc[name];
  return typeof v === 'function' || (name === '__proto__' && !Object.hasOwn(doc, name)) ? undefined : v;
}

/** Sets a field also where its name means something to JavaScript. */
export function setField(doc: Doc, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(doc, name, { value, enumerable: true, writable: true, configurable: true });
  else doc[keyOf(name)] = value;
}

export function removeField(doc: Doc, name: string): void {
  Reflect.deleteProperty(doc, keyOf(name));
}

/** The fields of a document by their names. */
export const entries = (doc: Doc): [string, unknown][] =>
  Object.entries(doc).map((entry) => (entry[0].charCodeAt(0) === 0 ? [nameOf(entry[0]), entry[1]] : entry));

export function fromEntries(fields: Iterable<readonly [string, unknown]>): Doc {
  const doc: Doc = {};
  for (const [name, value] of fields) setField(doc, name, value);
  return doc;
}
