import type { Doc } from '../bson/types.ts';
import { entries } from '../bson/types.ts';
import type { Predicate } from '../query/match.ts';
import { compileFilter } from '../query/match.ts';

/** An index as `listIndexes` shows it. */
export type IndexSpec = {
  v: number;
  key: Record<string, number>;
  name: string;
  unique?: boolean;
  sparse?: boolean;
  partialFilterExpression?: Doc;
  expireAfterSeconds?: number;
  hidden?: boolean;
};

/** An index ready for use: its key space in the store, its paths, and which of them have held arrays. */
export type Index = {
  readonly id: number;
  readonly spec: IndexSpec;
  readonly paths: readonly (readonly string[])[];
  readonly names: readonly string[];
  readonly descending: readonly boolean[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly covers: Predicate | undefined;
  /** The top-level fields that decide its entries; undefined where that cannot be told. */
  readonly roots: ReadonlySet<string> | undefined;
  /** Positions of the fields that have held an array: their bounds cannot be intersected. */
  readonly multikey: Set<number>;
  /** How many queries have read it since the start. */
  uses: number;
};

export function openIndex(id: number, spec: IndexSpec, multikey: readonly number[]): Index {
  const names = entries(spec.key).map(([name]) => name);
  return {
    id,
    spec,
    names,
    paths: names.map((name) => name.split('.')),
    descending: Object.values(spec.key).map((direction) => direction < 0),
    unique: spec.unique === true,
    sparse: spec.sparse === true,
    covers: spec.partialFilterExpression ? compileFilter(spec.partialFilterExpression) : undefined,
    roots: rootsOf([...names, ...entries(spec.partialFilterExpression ?? {}).map(([name]) => name)]),
    multikey: new Set(multikey),
    uses: 0,
  };
}

function rootsOf(paths: readonly string[]): Set<string> | undefined {
  const roots = new Set(paths.map((path) => path.split('.')[0] ?? ''));
  return [...roots].some((root) => root.startsWith('$')) ? undefined : roots;
}

/** Whether a change of these top-level fields (undefined: of any) can change the entries of an index. */
export function concerns(index: Index, touched: ReadonlySet<string> | undefined): boolean {
  if (!touched || !index.roots) return true;
  for (const root of touched) if (index.roots.has(root)) return true;
  return false;
}

/** Whether its entries are one a key, with the record id as their value: not at the end of the key. */
export const isUnique = (index: Index): boolean => index.unique || index.spec.name === '_id_';
