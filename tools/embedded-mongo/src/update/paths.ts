import type { Doc } from '../bson/types.ts';
import { field, isDoc, isIndex, removeField, setField, typeOf } from '../bson/types.ts';
import { CommandError } from '../errors.ts';
import { show } from '../storage/duplicate-key.ts';

/** What is at the end of a path: the document or array that holds it, and the name or position within. */
export type Place = { holder: Doc | unknown[]; name: string; value: unknown };

/** The place a path names, without making anything; undefined when it leads nowhere. */
export function findPlace(doc: Doc, parts: readonly string[]): Place | undefined {
  let holder: unknown = doc;
  for (const part of parts.slice(0, -1)) holder = child(holder, part);
  const name = parts.at(-1) ?? '';
  if (Array.isArray(holder)) return isIndex(name) ? { holder, name, value: holder[Number(name)] } : undefined;
  return isDoc(holder) ? { holder, name, value: field(holder, name) } : undefined;
}

function child(holder: unknown, part: string): unknown {
  if (Array.isArray(holder)) return isIndex(part) ? holder[Number(part)] : undefined;
  return isDoc(holder) ? field(holder, part) : undefined;
}

/** The place a path names, with documents made on the way, as `$set` does. */
export function makePlace(doc: Doc, parts: readonly string[]): Place {
  let holder: Doc | unknown[] = doc;
  for (const [i, part] of parts.slice(0, -1).entries()) {
    checkName(holder, part, parts[i - 1]);
    let next = child(holder, part);
    if (next === undefined) {
      next = {};
      setAt({ holder, name: part, value: undefined }, next);
    }
    if (!isDoc(next) && !Array.isArray(next)) {
      throw new CommandError(28, `Cannot create field '${parts[i + 1] ?? ''}' in element {${part}: ${show(next)}}`);
    }
    holder = next;
  }
  const name = parts.at(-1) ?? '';
  checkName(holder, name, parts.at(-2));
  return { holder, name, value: child(holder, name) };
}

function checkName(holder: Doc | unknown[], name: string, of: string | undefined): void {
  if (!Array.isArray(holder) || isIndex(name)) return;
  throw new CommandError(28, `Cannot create field '${name}' in element {${of ?? ''}: ${show(holder)}}`);
}

export function setAt({ holder, name }: Place, value: unknown): void {
  if (Array.isArray(holder)) {
    const at = Number(name);
    if (at > 1_500_000 + holder.length) throw new CommandError(2, `can't backfill more than 1500000 elements`);
    while (holder.length < at) holder.push(null);
    holder[at] = value;
  } else setField(holder, name, value);
}

/** Removes a field; an item of an array becomes null. */
export function unsetAt({ holder, name }: Place): void {
  if (Array.isArray(holder)) {
    if (Number(name) < holder.length) holder[Number(name)] = null;
  } else removeField(holder, name);
}

/** A deep copy of what an update is going to change in place. */
export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T;
  if (!isDoc(value)) return value;
  const out: Doc = {};
  for (const [key, item] of Object.entries(value)) setField(out, key, clone(item));
  return out as T;
}

export const typeName = (v: unknown): string => typeOf(v).name;
