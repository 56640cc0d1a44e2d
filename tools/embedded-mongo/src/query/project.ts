import { Aggregator } from 'mingo/aggregator';
import { guarded, mingoContext, toMingo } from '../aggregate/expression.ts';
import type { Doc } from '../bson/types.ts';
import { asNumber, entries, field, fromEntries, isDoc, keyOf, setField } from '../bson/types.ts';
import { CommandError } from '../errors.ts';
import { matchedPosition } from '../update/positional.ts';
import { isOperatorDoc } from './operators.ts';
import { compileFilter } from './match.ts';

export type Projection = (doc: Doc) => Doc;

/** A tree of the paths of a projection: `true` at the end of a path. */
type Paths = Map<string, true | Paths>;

type Parsed = {
  /** Whether the paths are those that stay; undefined while there are none. */
  including: boolean | undefined;
  paths: string[];
  slices: [string, unknown][];
  matches: [string, Doc][];
  computed: boolean;
  id: boolean | undefined;
  positional: string | undefined;
};

/** Compiles a `find` projection; undefined when documents stay as they are. `filter` tells which item `a.$` means. */
export function compileProjection(spec: Doc | undefined, filter: Doc): Projection | undefined {
  if (!spec || Object.keys(spec).length === 0) return undefined;
  const parsed: Parsed = { including: undefined, paths: [], slices: [], matches: [], computed: false, id: undefined, positional: undefined }; // prettier-ignore
  parse(spec, '', parsed);
  if (parsed.computed) return computed(spec);
  const { slices, matches, id, positional } = parsed;
  const including = parsed.including ?? (id === true || matches.length > 0);
  const elements = including ? [...slices, ...matches].map(([path]) => path) : [];
  const paths = tree([...parsed.paths, ...elements]);
  if (including ? id !== false : id === false) paths.set('_id', true);
  return (given) => {
    const doc = positional === undefined ? given : onlyMatched(given, positional, filter);
    const shaped = applyElements(doc, slices, matches);
    return including ? pick(shaped, paths) : omit(shaped, paths);
  };
}

/** Reads a projection, also one within a field, into `out`. */
function parse(spec: Doc, prefix: string, out: Parsed): void {
  for (const [name, value] of entries(spec)) {
    const path = prefix + name;
    if (path === '' || path.split('.').includes(''))
      throw new CommandError(40352, 'FieldPath cannot be constructed with empty string');
    const number = typeof value === 'boolean' ? Number(value) : asNumber(value);
    if (path.endsWith('.$')) {
      if (out.positional !== undefined)
        throw new CommandError(31276, 'Cannot specify more than one positional projection per query.');
      if (number === 0) throw new CommandError(31395, 'positional projection cannot be used with exclusion');
      out.positional = path.slice(0, -2);
      addPath(out, out.positional, true);
    } else if (path.includes('.$.'))
      throw new CommandError(31394, "As of 4.4, it's illegal to specify positional operator in the middle of a path.");
    else if (/(^|\.)\$/.test(path))
      throw new CommandError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
    else if (path === '_id' && number !== undefined) out.id = number !== 0;
    else if (number !== undefined) addPath(out, path, number !== 0);
    else if (isDoc(value) && '$slice' in value) out.slices.push([path, value['$slice']]);
    else if (isDoc(value) && '$elemMatch' in value) out.matches.push([path, value['$elemMatch'] as Doc]);
    else if (isDoc(value) && '$meta' in value)
      throw new CommandError(238, '$meta projection is not supported by this engine');
    else if (isDoc(value) && !isOperatorDoc(value)) parse(value, path + '.', out);
    else out.computed = true;
  }
}

function addPath(out: Parsed, path: string, isIncluded: boolean): void {
  out.including ??= isIncluded;
  if (out.including !== isIncluded)
    throw isIncluded
      ? new CommandError(31253, `Cannot do inclusion on field ${path} in exclusion projection`)
      : new CommandError(31254, `Cannot do exclusion on field ${path} in inclusion projection`);
  out.paths.push(path);
}

function tree(paths: readonly string[]): Paths {
  const root: Paths = new Map();
  for (const path of paths) {
    const parts = path.split('.');
    let at = root;
    for (const [i, part] of parts.entries()) {
      const next = at.get(part);
      if (next === true || i === parts.length - 1) {
        if (next instanceof Map) throw new CommandError(31249, `Path collision at ${path}`);
        if (next === true && i < parts.length - 1)
          throw new CommandError(31250, `Path collision at ${path} remaining portion ${parts.slice(i + 1).join('.')}`);
        at.set(part, true);
        break;
      }
      const child: Paths = next ?? new Map();
      at.set(part, child);
      at = child;
    }
  }
  return root;
}

function pick(doc: Doc, paths: Paths): Doc {
  const out: Doc = {};
  for (const [name, value] of entries(doc)) {
    const below = paths.get(name);
    if (below === true) setField(out, name, value);
    else if (below && Array.isArray(value)) setField(out, name, pickItems(value, below));
    else if (below && isDoc(value)) setField(out, name, pick(value, below));
  }
  return out;
}

const pickItems = (items: unknown[], paths: Paths): unknown[] =>
  items.flatMap((item): unknown[] =>
    Array.isArray(item) ? [pickItems(item, paths)] : isDoc(item) ? [pick(item, paths)] : [],
  );

function omit(doc: Doc, paths: Paths): Doc {
  const out: Doc = {};
  for (const [name, value] of entries(doc)) {
    const below = paths.get(name);
    if (below !== true) setField(out, name, below ? omitBelow(value, below) : value);
  }
  return out;
}

function omitBelow(value: unknown, paths: Paths): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => omitBelow(item, paths));
  return isDoc(value) ? omit(value, paths) : value;
}

/** `a.$`: only the item of the array that the query's condition holds for. */
function onlyMatched(doc: Doc, path: string, filter: Doc): Doc {
  let at = -1;
  const out = mapArray(doc, path.split('.'), (items) => {
    at = matchedPosition(items, path, filter);
    return [items[at]];
  });
  if (at < 0)
    throw new CommandError(
      51246,
      "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
    );
  return out;
}

function applyElements(doc: Doc, slices: readonly [string, unknown][], matches: readonly [string, Doc][]): Doc {
  let out = doc;
  for (const [path, spec] of slices) out = mapArray(out, path.split('.'), (items) => slice(items, spec));
  for (const [path, filter] of matches) {
    const test = isOperatorDoc(filter) ? compileFilter({ v: filter }) : undefined;
    const matching = compileFilter(isOperatorDoc(filter) ? {} : filter);
    const found = (item: unknown): boolean => (test ? test({ v: item }) : isDoc(item) && matching(item));
    out = mapArray(out, path.split('.'), (items) => items.filter(found).slice(0, 1), true);
  }
  return out;
}

function mapArray(doc: Doc, parts: readonly string[], map: (items: unknown[]) => unknown[], dropRest = false): Doc {
  const [name = '', ...rest] = parts;
  const key = keyOf(name);
  const value = field(doc, name);
  if (rest.length > 0) return isDoc(value) ? { ...doc, [key]: mapArray(value, rest, map, dropRest) } : doc;
  const mapped = Array.isArray(value) ? map(value) : undefined;
  if (dropRest && !mapped?.length) return fromEntries(entries(doc).filter(([other]) => other !== name));
  return mapped ? { ...doc, [key]: mapped } : doc;
}

function slice(items: unknown[], spec: unknown): unknown[] {
  if (Array.isArray(spec)) {
    const [from, count] = (spec as unknown[]).map((v) => asNumber(v) ?? 0);
    const start = (from ?? 0) < 0 ? Math.max(0, items.length + (from ?? 0)) : (from ?? 0);
    return items.slice(start, start + (count ?? 0));
  }
  const n = asNumber(spec);
  if (n === undefined) throw new CommandError(28667, 'Invalid $slice syntax');
  return n < 0 ? items.slice(n) : items.slice(0, n);
}

const context = mingoContext();

/** A projection with expressions is an aggregation's `$project`. */
function computed(spec: Doc): Projection {
  const stage = new Aggregator([{ $project: toMingo(spec) as Doc }], { context });
  return (doc) => guarded(() => stage.run<Doc>([toMingo(doc) as Doc])[0] ?? {});
}
