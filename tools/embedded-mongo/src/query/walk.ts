import type { Index } from '../storage/index-spec.ts';
import { prefix } from '../storage/keyspace.ts';
import { successor } from '../bson/key.ts';
import type { Bound, FieldPredicates, Interval } from './bounds.ts';
import { endOf, intersect, startOf } from './bounds.ts';
import { MAX_KEY_BYTES } from '../storage/index-keys.ts';

export type KeyRange = { start: Buffer; end: Buffer };

/** What the predicates of a query make of an index: the stretches to read, and what is known within them. */
export type Walk = {
  ranges: KeyRange[];
  /** How many leading fields have only points (`=`, `$in`). */
  points: number;
  /** Whether a range follows the points. */
  ranged: boolean;
  /** Fields that have one value in all that is read. */
  constant: Set<number>;
  /** Whether every entry read matches the whole filter. */
  exact: boolean;
};

/** More combinations of `$in` values than this are not worth a stretch each. */
const MAX_RANGES = 1000;

export function walkBounds(index: Index, predicates: FieldPredicates): Walk {
  let prefixes = [prefix(index.id)];
  let ranges: KeyRange[] | undefined;
  let exact = !predicates.rest;
  const constant = new Set<number>();
  let points = 0;
  for (const [i, name] of index.names.entries()) {
    const bounds = predicates.byPath.get(name);
    if (!bounds || sharesArray(index, i)) break;
    const { intervals, isPoints, exact: fieldExact } = combine(bounds, index.multikey.has(i));
    exact &&= fieldExact;
    const sides = intervals.map((interval) => (index.descending[i] ? turn(interval) : interval));
    if (isPoints && prefixes.length * sides.length <= MAX_RANGES) {
      prefixes = prefixes.flatMap((p) => sides.map(({ low }) => Buffer.concat([p, low])));
      if (sides.length === 1) constant.add(i);
      points++;
    } else {
      ranges = prefixes.flatMap((p) => sides.map((side) => join(p, side)));
      break;
    }
  }
  const used = points + (ranges ? 1 : 0);
  exact &&= predicates.byPath.size === used;
  const ranged = ranges !== undefined;
  ranges ??= prefixes.map((p) => ({ start: p, end: successor(p) ?? p }));
  if (ranges.some(tooLong)) exact = false;
  ranges = ranges.map(shorten).sort((a, b) => Buffer.compare(a.start, b.start));
  return { ranges, points, ranged, constant, exact };
}

/** Two fields of one array of documents: their bounds may hold for different items, so only one is used. */
function sharesArray(index: Index, i: number): boolean {
  if (!index.multikey.has(i)) return false;
  return [...index.multikey].some((j) => j < i && index.paths[j]?.[0] === index.paths[i]?.[0]);
}

/** All predicates of one field. Those of an array may hold for different items: then only one bounds. */
function combine(
  bounds: readonly Bound[],
  multikey: boolean,
): { intervals: Interval[]; isPoints: boolean; exact: boolean } {
  const first = bounds.find((b) => b.kind === 'points') ?? bounds[0];
  if (!first) return { intervals: [], isPoints: false, exact: false };
  const isPoints = first.kind === 'points';
  if (multikey || bounds.length === 1)
    return { intervals: first.intervals, isPoints, exact: first.exact && bounds.length === 1 };
  let { intervals } = first;
  for (const other of bounds) if (other !== first) intervals = intersect(intervals, other.intervals);
  return { intervals, isPoints, exact: bounds.every((b) => b.exact) };
}

/** The same stretch in a descending field, where every byte of a key is inverted. */
function turn({ low, lowIn, high, highIn }: Interval): Interval {
  return { low: invert(high), lowIn: highIn, high: invert(low), highIn: lowIn };
}

function invert(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = ~(bytes[i] ?? 0);
  return out;
}

function join(p: Buffer, side: Interval): KeyRange {
  return { start: Buffer.concat([p, startOf(side)]), end: Buffer.concat([p, endOf(side)]) };
}

/** Keys in the store are cut at a length; so are the ends of a stretch. */
const LIMIT = MAX_KEY_BYTES + 4;
const tooLong = ({ start, end }: KeyRange): boolean => start.length > LIMIT || end.length > LIMIT;
const shorten = (range: KeyRange): KeyRange =>
  tooLong(range)
    ? {
        start: range.start.subarray(0, LIMIT),
        end: range.end.length > LIMIT ? (successor(range.end.subarray(0, LIMIT)) ?? range.end) : range.end,
      }
    : range;
