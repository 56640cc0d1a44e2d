import type { Doc } from '../bson/types.ts';
import { field, isDoc, isIndex } from '../bson/types.ts';

/**
 * Whether `test` holds for any value that a dotted path reaches, as MongoDB's queries walk it:
 * through the documents of arrays and through array positions. A missing field is tested as
 * `undefined`. With `expand`, an array at the end is tested item by item, then as a whole.
 */
export function anyValue(
  doc: Doc,
  parts: readonly string[],
  expand: boolean,
  test: (v: unknown) => boolean,
  from = 0,
): boolean {
  const value = field(doc, parts[from] ?? '');
  if (from === parts.length - 1) return atEnd(value, expand, test);
  if (Array.isArray(value)) return inArray(value, parts, from + 1, expand, test);
  if (isDoc(value)) return anyValue(value, parts, expand, test, from + 1);
  return test(undefined);
}

function atEnd(value: unknown, expand: boolean, test: (v: unknown) => boolean): boolean {
  if (expand && Array.isArray(value)) for (const item of value) if (test(item)) return true;
  return test(value);
}

function inArray(
  items: unknown[],
  parts: readonly string[],
  from: number,
  expand: boolean,
  test: (v: unknown) => boolean,
): boolean {
  for (const item of items) if (isDoc(item) && anyValue(item, parts, expand, test, from)) return true;
  const part = parts[from] ?? '';
  if (!isIndex(part) || Number(part) >= items.length) return false;
  const item = items[Number(part)];
  if (from === parts.length - 1) return atEnd(item, expand, test);
  if (Array.isArray(item)) return inArray(item, parts, from + 1, expand, test);
  return isDoc(item) && anyValue(item, parts, expand, test, from + 1);
}

/** All values a path reaches, arrays at the end taken apart: for `distinct` and for sort keys. */
export function valuesAt(doc: Doc, parts: readonly string[]): unknown[] {
  const found: unknown[] = [];
  anyValue(doc, parts, false, (v) => {
    if (Array.isArray(v)) found.push(...v);
    else found.push(v);
    return false;
  });
  return found;
}
