import { equal } from '../bson/compare.ts';
import type { Doc } from '../bson/types.ts';
import { badValue } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import type { Index } from '../storage/index-spec.ts';
import { isUnique } from '../storage/index-spec.ts';
import type { Bound, FieldPredicates } from './bounds.ts';
import { analyse } from './bounds.ts';
import type { KeyRange, Walk } from './walk.ts';
import { walkBounds } from './walk.ts';
import { implies } from './implies.ts';
import { findPoints } from './point.ts';
import type { SortField } from './sort.ts';

/** How a query reads a collection: every document, one index, or several indexes for an `$or`. */
export type Plan =
  | { kind: 'collection'; reverse: boolean; sorted: boolean; exact: boolean }
  | {
      kind: 'index';
      index: Index;
      ranges: KeyRange[];
      /** The keys of single entries, instead of ranges. */
      points?: readonly Buffer[];
      reverse: boolean;
      sorted: boolean;
      exact: boolean;
      distinct: boolean;
    }
  | { kind: 'or'; branches: Plan[]; sorted: false; exact: false };

type IndexPlan = Extract<Plan, { kind: 'index' }>;
type Request = { filter: Doc; sort: readonly SortField[]; limited: boolean; hint?: unknown };
type Candidate = { plan: IndexPlan; score: number };

/** The score from which on an index narrows what is read, rather than only ordering it. */
const BOUNDED = 60;

/** Chooses how to read: the index that narrows most and, next to that, gives the order asked for. */
export function plan(collection: Collection, request: Request): Plan {
  const { filter, sort, hint } = request;
  const natural = naturalOrder(hint);
  const empty = Object.keys(filter).length === 0;
  if (natural !== undefined) return { kind: 'collection', reverse: natural < 0, sorted: false, exact: empty };
  const found = hint === undefined ? findPoints(collection, filter) : undefined;
  if (found) {
    const { index, keys, exact } = found;
    const sorted = sort.length === 0 || keys.length <= 1;
    return { kind: 'index', index, ranges: [], points: keys, reverse: false, sorted, exact, distinct: false };
  }
  const predicates = analyse(filter);
  if (hint !== undefined) {
    const index = hinted(collection, hint);
    return planIndex(index, predicates, request).plan;
  }
  let best: Candidate | undefined;
  for (const index of collection.indexes) {
    if (index.spec.hidden || !usable(index, predicates)) continue;
    const candidate = planIndex(index, predicates, request);
    if (candidate.score > (best?.score ?? 0)) best = candidate;
  }
  if (best && (best.score >= BOUNDED || predicates.or.length === 0)) return best.plan;
  return (
    planOr(collection, predicates) ??
    best?.plan ?? { kind: 'collection', reverse: false, sorted: sort.length === 0, exact: empty }
  );
}

function naturalOrder(hint: unknown): number | undefined {
  return typeof hint === 'object' && hint !== null && '$natural' in hint ? Number(hint.$natural) : undefined;
}

export function findHinted(collection: Collection, hint: unknown): Index | undefined {
  return collection.indexes.find(({ spec }) =>
    typeof hint === 'string'
      ? spec.name === hint
      : equal(spec.key, hint) && Object.keys(spec.key).join() === Object.keys(hint as Doc).join(),
  );
}

function hinted(collection: Collection, hint: unknown): Index {
  const index = findHinted(collection, hint);
  if (!index) {
    throw badValue(
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    );
  }
  return index;
}

/** A partial index serves a query that asks only for what it covers; a sparse one, a query that misses nothing. */
function usable(index: Index, predicates: FieldPredicates): boolean {
  const { partialFilterExpression } = index.spec;
  if (partialFilterExpression && !implies(predicates, partialFilterExpression)) return false;
  if (!index.sparse) return true;
  return index.names.some((name) => (predicates.byPath.get(name) ?? []).some(excludesMissing));
}

const excludesMissing = ({ source: { op, arg } }: Bound): boolean =>
  op === '$in' ? Array.isArray(arg) && !arg.includes(null) : !(op === '$eq' && (arg === null || arg === undefined));

function planIndex(index: Index, predicates: FieldPredicates, request: Request): Candidate {
  const walk = walkBounds(index, predicates);
  const direction = sortDirection(index, walk, predicates, request.sort);
  const sorted = direction !== 0;
  const distinct = [...index.multikey].some((i) => !walk.constant.has(i));
  const full = walk.points === index.names.length && isUnique(index);
  const order = request.sort.length > 0 && sorted ? (request.limited ? 50 : 20) : 0;
  const score = (full ? 1000 : 0) + walk.points * 100 + (walk.ranged ? BOUNDED : 0) + order;
  const { ranges, exact } = walk;
  return { plan: { kind: 'index', index, ranges, reverse: direction < 0, sorted, exact, distinct }, score };
}

/** Whether reading the index forwards (1) or backwards (-1) gives the order asked for; 0 when neither does. */
function sortDirection(index: Index, walk: Walk, predicates: FieldPredicates, sort: readonly SortField[]): number {
  let at = 0;
  let direction = 0;
  for (const { path, descending } of sort) {
    const position = index.names.indexOf(path);
    if (walk.constant.has(position) && !index.multikey.has(position)) continue;
    while (at < index.names.length && at !== position && walk.constant.has(at)) at++;
    // Where an array is cut by bounds, the first entry found need not be its smallest item.
    if (at !== position || (index.multikey.has(at) && predicates.byPath.has(path))) return 0;
    const wanted = descending === (index.descending[at] ?? false) ? 1 : -1;
    if (direction !== 0 && wanted !== direction) return 0;
    direction = wanted;
    at++;
  }
  return direction === 0 ? 1 : direction;
}

/** An `$or` of which every branch has an index is read branch by branch. */
function planOr(collection: Collection, { or }: FieldPredicates): Plan | undefined {
  for (const branches of or) {
    const plans = branches.map((filter) => plan(collection, { filter, sort: [], limited: false }));
    if (plans.every((p) => p.kind === 'index' || p.kind === 'or'))
      return { kind: 'or', branches: plans, sorted: false, exact: false };
  }
  return undefined;
}
