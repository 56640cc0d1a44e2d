import { BSONRegExp } from 'bson';
import { RANK, encodeKey, successor } from '../bson/key.ts';
import type { Doc } from '../bson/types.ts';
import { asNumber, entries, isDoc, typeOf } from '../bson/types.ts';
import { isOperatorDoc } from './operators.ts';

/** A stretch of key bytes in ascending order; each end is a key prefix, with or without what begins with it. */
export type Interval = { low: Buffer; lowIn: boolean; high: Buffer; highIn: boolean };

/** What one predicate says of a field: its intervals, and whether they say all of it. */
export type Bound = {
  kind: 'points' | 'range';
  intervals: Interval[];
  exact: boolean;
  source: { op: string; arg: unknown };
};

/** The predicates of a filter by path, as far as `$and` reaches; `rest` tells that there is more than these. */
export type FieldPredicates = { byPath: Map<string, Bound[]>; rest: boolean; or: Doc[][] };

const rankByte = (rank: number): Buffer => Buffer.from([rank]);
const point = (value: unknown): Interval => {
  const key = encodeKey(value);
  return { low: key, lowIn: true, high: key, highIn: true };
};
const whole = (rank: number): Interval => ({ low: rankByte(rank), lowIn: true, high: rankByte(rank), highIn: true });

export const EVERYTHING: Interval = { low: rankByte(0x01), lowIn: true, high: rankByte(0xfe), highIn: true };

/** Takes a filter apart into predicates that an index can serve. */
export function analyse(filter: Doc): FieldPredicates {
  const out: FieldPredicates = { byPath: new Map(), rest: false, or: [] };
  collect(filter, out);
  return out;
}

function collect(filter: Doc, out: FieldPredicates): void {
  for (const [key, value] of entries(filter)) {
    if (key === '$and' && Array.isArray(value)) for (const branch of value) collect(branch as Doc, out);
    else if (key === '$or' && Array.isArray(value)) {
      out.or.push(value as Doc[]);
      out.rest = true;
    } else if (key === '$comment') continue;
    else if (key.startsWith('$')) out.rest = true;
    else collectField(key, value, out);
  }
}

function collectField(path: string, value: unknown, out: FieldPredicates): void {
  const operators: [string, unknown][] =
    value instanceof BSONRegExp ? [['$regex', value]] : isOperatorDoc(value) ? Object.entries(value) : [['$eq', value]];
  for (const [op, arg] of operators) {
    const bound = boundOf(op, arg, isDoc(value) ? value : {});
    if (bound) out.byPath.set(path, [...(out.byPath.get(path) ?? []), { ...bound, source: { op, arg } }]);
    else if (op !== '$options') out.rest = true;
  }
}

function boundOf(op: string, arg: unknown, siblings: Doc): Omit<Bound, 'source'> | undefined {
  switch (op) {
    case '$eq':
      return equality(arg);
    case '$in':
      return inList(arg);
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return comparison(op, arg);
    case '$regex':
      return prefixRange(arg, siblings['$options']);
    case '$exists':
      return asNumber(arg) === 0 || !arg ? undefined : { kind: 'range', intervals: [EVERYTHING], exact: false };
    case '$type':
      return { kind: 'range', intervals: [EVERYTHING], exact: false };
    default:
      return undefined;
  }
}

/** null also means missing and needs a look at the document; a whole array may be an item or the field. */
function equality(arg: unknown): Omit<Bound, 'source'> | undefined {
  if (arg === null || arg === undefined)
    return { kind: 'points', intervals: [whole(RANK.undefined), whole(RANK.null)], exact: false };
  if (Array.isArray(arg)) {
    const [first] = arg as unknown[];
    const item = arg.length ? point(first ?? null) : whole(RANK.undefined);
    return { kind: 'points', intervals: merge([item, point(arg)]), exact: false };
  }
  if (arg instanceof BSONRegExp) return undefined;
  return { kind: 'points', intervals: [point(arg)], exact: true };
}

function inList(arg: unknown): Omit<Bound, 'source'> | undefined {
  if (!Array.isArray(arg)) return undefined;
  const bounds = (arg as unknown[]).map(equality);
  if (bounds.some((b) => !b)) return undefined;
  const intervals = merge(bounds.flatMap((b) => b?.intervals ?? []));
  return { kind: 'points', intervals, exact: bounds.every((b) => b?.exact) };
}

function comparison(op: string, arg: unknown): Omit<Bound, 'source'> | undefined {
  const { rank, name } = typeOf(arg);
  const number = asNumber(arg);
  if (['minKey', 'maxKey', 'regex', 'missing', 'null', 'object', 'array'].includes(name)) return undefined;
  if (number !== undefined && Number.isNaN(number)) return undefined;
  const key = encodeKey(arg);
  // NaN is a number and the lowest one, but no comparison holds for it.
  const low = rank === RANK.number ? successor(encodeKey(NaN)) : rankByte(rank);
  const interval: Interval =
    op === '$gt' || op === '$gte'
      ? { low: key, lowIn: op === '$gte', high: rankByte(rank), highIn: true }
      : { low: low ?? rankByte(rank), lowIn: true, high: key, highIn: op === '$lte' };
  return { kind: 'range', intervals: [interval], exact: true };
}

/** `/^abc/` is the range of strings that begin with abc, and says all there is to say. */
function prefixRange(arg: unknown, options: unknown): Omit<Bound, 'source'> | undefined {
  const pattern = arg instanceof BSONRegExp ? arg.pattern : arg;
  const flags = options ?? (arg instanceof BSONRegExp ? arg.options : '');
  if (typeof pattern !== 'string') return undefined;
  const literal = flags === '' ? literalPrefix(pattern) : undefined;
  if (!literal) return { kind: 'range', intervals: [whole(RANK.string), whole(0x68)], exact: false };
  // The key of the prefix ends with two NULs; without them it begins every string of that prefix.
  const key = encodeKey(literal.text).subarray(0, -2);
  const strings: Interval = { low: key, lowIn: true, high: key, highIn: true };
  return { kind: 'range', intervals: [strings, ...(arg instanceof BSONRegExp ? [point(arg)] : [])], exact: false };
}

/** The plain text that every match of an anchored pattern begins with. */
export function literalPrefix(pattern: string): { text: string } | undefined {
  if (!pattern.startsWith('^')) return undefined;
  let text = '';
  let i = 1;
  while (i < pattern.length) {
    const c = pattern[i] ?? '';
    if (c === '\\' && /[^A-Za-z0-9]/.test(pattern[i + 1] ?? '')) {
      text += pattern[i + 1];
      i += 2;
    } else if (/[\^$.|?*+()[\]{}\\]/.test(c)) break;
    else {
      text += c;
      i++;
    }
  }
  // A quantifier may take the last character away, an alternative all of it.
  if (/[?*{]/.test(pattern[i] ?? '')) text = [...text].slice(0, -1).join('');
  if (pattern.includes('|') || text === '') return undefined;
  return { text };
}

/** Sorts intervals of points and drops doubles. */
function merge(intervals: Interval[]): Interval[] {
  const sorted = [...intervals].sort((a, b) => Buffer.compare(a.low, b.low));
  return sorted.filter((interval, i) => i === 0 || !interval.low.equals(sorted[i - 1]?.low ?? Buffer.alloc(0)));
}

/** What lies in both of two sorted lists of intervals. */
export function intersect(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const out: Interval[] = [];
  for (const x of a) {
    for (const y of b) {
      const low = compareLow(x, y) >= 0 ? x : y;
      const high = compareHigh(x, y) <= 0 ? x : y;
      const both = { low: low.low, lowIn: low.lowIn, high: high.high, highIn: high.highIn };
      if (Buffer.compare(startOf(both), endOf(both)) < 0) out.push(both);
    }
  }
  return out;
}

const TOP = Buffer.from([0xff]);
export const startOf = (i: Interval): Buffer => (i.lowIn ? i.low : (successor(i.low) ?? TOP));
export const endOf = (i: Interval): Buffer => (i.highIn ? (successor(i.high) ?? TOP) : i.high);
const compareLow = (a: Interval, b: Interval): number => Buffer.compare(startOf(a), startOf(b));
const compareHigh = (a: Interval, b: Interval): number => Buffer.compare(endOf(a), endOf(b));
