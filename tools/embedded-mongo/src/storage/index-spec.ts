import type { Doc } from '../bson/types.ts';
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
};

export function openIndex(id: number, spec: IndexSpec, multikey: readonly number[]): Index {
  const names = Object.keys(spec.key);
  return {
    id,
    spec,
    names,
    paths: names.map((name) => name.split('.')),
    descending: Object.values(spec.key).map((direction) => direction < 0),
    unique: spec.unique === true,
    sparse: spec.sparse === true,
    covers: spec.partialFilterExpression ? compileFilter(spec.partialFilterExpression) : undefined,
    roots: rootsOf([...names, ...Object.keys(spec.partialFilterExpression ?? {})]),
    multikey: new Set(multikey),
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
