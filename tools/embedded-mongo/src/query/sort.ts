import { encodeKey } from '../bson/key.ts';
import type { Doc } from '../bson/types.ts';
import { EMPTY_ARRAY, asNumber, entries, field, isDoc } from '../bson/types.ts';
import { CommandError, badValue } from '../errors.ts';
import { valuesAt } from './path.ts';

export type SortField = { path: string; parts: readonly string[]; descending: boolean };

/** Parses `{a: 1, b: -1}`; `$natural` is left to the caller. */
export function parseSort(spec: Doc | undefined): SortField[] {
  return entries(spec ?? {}).map(([path, order]) => {
    const direction = asNumber(order);
    if (isDoc(order)) throw badValue('$meta sort is not supported by this engine');
    if (direction === undefined)
      throw new CommandError(15974, `Illegal key in $sort specification: ${path}: ${String(order)}`);
    if (direction !== 1 && direction !== -1)
      throw new CommandError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    if (path === '' || path.split('.').includes(''))
      throw new CommandError(15998, 'FieldPath field names may not be empty strings.');
    return { path, parts: path.split('.'), descending: direction < 0 };
  });
}

/** The bytes that order one document; of an array its smallest item counts, descending its largest. */
function sortKey(doc: Doc, fields: readonly SortField[]): Buffer[] {
  return fields.map(({ parts, descending }) => {
    const values = valuesAt(doc, parts);
    if (values.length <= 1) return encodeKey(values.length ? values[0] : emptyArrayOrMissing(doc, parts));
    const keys = values.map(encodeKey);
    return keys.reduce((best, key) => (Buffer.compare(key, best) < 0 === descending ? best : key));
  });
}

/** An empty array sorts before null, as BSON undefined does. */
function emptyArrayOrMissing(doc: Doc, parts: readonly string[]): unknown {
  let value: unknown = doc;
  for (const part of parts) value = isDoc(value) ? field(value, part) : undefined;
  return Array.isArray(value) ? EMPTY_ARRAY : null;
}

/** Sorts stably by the fields; `docOf` gives the decoded document of an item. */
export function sortBy<T>(items: readonly T[], fields: readonly SortField[], docOf: (item: T) => Doc): T[] {
  const keyed = items.map((item) => ({ item, key: sortKey(docOf(item), fields) }));
  keyed.sort((a, b) => {
    for (let i = 0; i < fields.length; i++) {
      const order = Buffer.compare(a.key[i] as Buffer, b.key[i] as Buffer);
      if (order !== 0) return fields[i]?.descending ? -order : order;
    }
    return 0;
  });
  return keyed.map(({ item }) => item);
}
