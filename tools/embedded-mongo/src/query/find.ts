import { decode, decodeSome } from '../bson/decode.ts';
import type { Doc } from '../bson/types.ts';
import { entries as fieldsOf } from '../bson/types.ts';
import type { Collection } from '../storage/collection.ts';
import type { Store } from '../storage/store.ts';
import type { Predicate } from './match.ts';
import { compileFilter } from './match.ts';
import type { Plan } from './plan.ts';
import { plan } from './plan.ts';
import type { Found, ScanStats } from './scan.ts';
import { records, scan } from './scan.ts';
import type { SortField } from './sort.ts';
import { sortBy } from './sort.ts';

export type Query = {
  filter: Doc;
  sort: readonly SortField[];
  skip: number;
  limit: number;
  hint?: unknown;
  variables?: Doc;
};

/** A query that is planned and compiled, ready to run. */
export type Prepared = { query: Query; plan: Plan; matches: Predicate; stats: ScanStats };

/** A found document; `doc` where it had to be decoded on the way. */
export type Hit = Found & { doc?: Doc };

export function prepare(collection: Collection, query: Query): Prepared {
  const { filter, sort, hint } = query;
  const chosen = plan(collection, { filter, sort, limited: query.limit > 0, hint });
  // Entries that are named one by one are named by plain values: there is nothing to compile, nor to refuse.
  const isSaid = chosen.exact && chosen.kind === 'index' && chosen.points !== undefined;
  const matches = isSaid ? () => true : compileFilter(filter, query.variables);
  if (chosen.kind === 'index') chosen.index.uses++;
  return { query, matches, plan: chosen, stats: { keys: 0, docs: 0 } };
}

/** Runs a query: documents in order, after `skip`, up to `limit` (0: all). */
export function* run(store: Store, collection: Collection, prepared: Prepared): Generator<Hit> {
  const { query, plan: chosen } = prepared;
  const { skip, limit } = query;
  const sortedByPlan = query.sort.length === 0 || chosen.sorted;
  const source = matching(store, collection, prepared, sortedByPlan && limit > 0 ? skip + limit : undefined);
  const ordered = sortedByPlan ? source : sortBy([...source], query.sort, (hit) => (hit.doc ??= decode(hit.bytes)));
  let position = 0;
  for (const hit of ordered) {
    if (position++ < skip) continue;
    yield hit;
    if (limit > 0 && position >= skip + limit) return;
  }
}

function* matching(
  store: Store,
  collection: Collection,
  prepared: Prepared,
  expected: number | undefined,
): Generator<Hit> {
  const { plan: chosen, matches, stats, query } = prepared;
  const roots = chosen.exact ? undefined : rootsOf(query.filter);
  for (const hit of scan(store, collection, chosen, stats, expected)) {
    if (chosen.exact || (roots && matches(decodeSome(hit.bytes, roots)))) yield hit;
    else if (!roots) {
      const doc = decode(hit.bytes);
      if (matches(doc)) yield { ...hit, doc };
    }
  }
}

/** The top-level fields that a filter looks at; undefined where that cannot be told. */
function rootsOf(filter: Doc): Set<string> | undefined {
  const roots = new Set<string>();
  for (const [path] of fieldsOf(filter)) {
    if (path.startsWith('$')) return undefined;
    const dot = path.indexOf('.');
    roots.add(dot < 0 ? path : path.slice(0, dot));
  }
  return roots;
}

/** Counts what matches, from the index alone where that says everything. */
export function count(store: Store, collection: Collection, prepared: Prepared): number {
  const { skip, limit } = prepared.query;
  let n = 0;
  if (prepared.plan.kind === 'collection' && prepared.plan.exact) n = collection.count;
  else {
    const most = limit > 0 ? skip + limit : Infinity;
    const source = prepared.plan.exact
      ? records(store, collection, prepared.plan, prepared.stats)
      : matching(store, collection, prepared, undefined);
    const iterator = source[Symbol.iterator]();
    while (n < most && !iterator.next().done) n++;
  }
  const rest = Math.max(0, n - skip);
  return limit > 0 ? Math.min(rest, limit) : rest;
}
