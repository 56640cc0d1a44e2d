import type { Doc } from '../bson/types.ts';
import { entries, isDoc } from '../bson/types.ts';
import { badValue, failedToParse } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import { isOperatorDoc } from '../query/operators.ts';
import { findPlace } from './paths.ts';

/** The test of each identifier of `arrayFilters`. */
export type ArrayFilters = Map<string, (item: unknown) => boolean>;

export function parseArrayFilters(given: unknown): ArrayFilters {
  const out: ArrayFilters = new Map();
  if (given === undefined) return out;
  if (!Array.isArray(given)) throw failedToParse('arrayFilters must be an array');
  for (const filter of given as Doc[]) {
    const names = new Set(topNames(filter));
    const [name] = names;
    if (name === undefined)
      throw failedToParse('Cannot use an expression without a top-level field name in arrayFilters');
    if (names.size > 1)
      throw failedToParse(
        `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${[...names].join("' and '")}'`,
      );
    if (!/^[a-z][A-Za-z0-9]*$/.test(name))
      throw badValue(
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
      );
    if (out.has(name)) throw failedToParse(`Found multiple array filters with the same top-level field name ${name}`);
    const test = compileFilter(filter);
    out.set(name, (item) => test({ [name]: item }));
  }
  return out;
}

function topNames(filter: Doc): string[] {
  return entries(filter).flatMap(([key, value]) =>
    ['$and', '$or', '$nor'].includes(key) && Array.isArray(value)
      ? value.flatMap((v) => topNames(v as Doc))
      : [key.split('.')[0] ?? ''],
  );
}

/** The paths without `$`, `$[]` and `$[name]` that a path stands for in this document. */
export function concretePaths(doc: Doc, parts: readonly string[], filters: ArrayFilters, query: Doc): string[][] {
  const at = parts.findIndex((part) => part.startsWith('$'));
  if (at < 0) return [[...parts]];
  const before = parts.slice(0, at);
  const part = parts[at] ?? '';
  const items = findPlace(doc, before)?.value;
  const chosen = choose(part, items, before, filters, query);
  return chosen.flatMap((i) => concretePaths(doc, [...before, String(i), ...parts.slice(at + 1)], filters, query));
}

function choose(part: string, items: unknown, before: readonly string[], filters: ArrayFilters, query: Doc): number[] {
  const path = before.join('.');
  if (part === '$') {
    const position = Array.isArray(items) ? matchedPosition(items as unknown[], path, query) : -1;
    if (position < 0) throw badValue('The positional operator did not find the match needed from the query.');
    return [position];
  }
  const name = /^\$\[(.*)\]$/.exec(part)?.[1];
  if (name === undefined)
    throw badValue(
      `The dollar ($) prefixed field '${part}' in '${[...before, part].join('.')}' is not valid for storage.`,
    );
  if (items === undefined)
    throw badValue(`The path '${path}' must exist in the document in order to apply array updates.`);
  if (!Array.isArray(items)) throw badValue(`Cannot apply array updates to non-array element ${before.at(-1) ?? ''}`);
  const test = name === '' ? () => true : filters.get(name);
  if (!test) throw badValue(`No array filter found for identifier '${name}' in path '${[...before, part].join('.')}'`);
  return items.flatMap((item, i) => (test(item) ? [i] : []));
}

/** The first item of an array that the query's condition on it holds for. */
export function matchedPosition(items: readonly unknown[], path: string, query: Doc): number {
  const tests = conditionsOn(query, path);
  return tests.length === 0 ? -1 : items.findIndex((item) => tests.every((test) => test(item)));
}

function conditionsOn(query: Doc, path: string): ((item: unknown) => boolean)[] {
  return entries(query).flatMap(([key, value]) => {
    if (key === '$and' && Array.isArray(value)) return value.flatMap((branch) => conditionsOn(branch as Doc, path));
    if (key === path) {
      const inner = isDoc(value) && isDoc(value['$elemMatch']) ? value['$elemMatch'] : undefined;
      if (inner && !isOperatorDoc(inner)) {
        const test = compileFilter(inner);
        return [(item: unknown) => isDoc(item) && test(item)];
      }
      const test = compileFilter({ v: inner ?? value });
      return [(item: unknown) => test({ v: item })];
    }
    if (!key.startsWith(path + '.')) return [];
    const test = compileFilter({ [key.slice(path.length + 1)]: value });
    return [(item: unknown) => isDoc(item) && test(item)];
  });
}
