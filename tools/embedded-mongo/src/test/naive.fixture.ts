import { isDeepStrictEqual } from 'node:util';
import type { Document } from 'mongodb';

/** Plain values only: numbers, strings, booleans, null, arrays and documents of one or two fields. */
const random = (n: number): number => Math.floor(Math.random() * n);
const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
const scalar = (): unknown => pick([0, 1, 2, 3, 'a', 'b', '', true, false, null]);

export function randomItem(): Document {
  const item: Document = {};
  if (random(4)) item['a'] = scalar();
  if (random(3)) item['b'] = random(4);
  if (random(3))
    item['o'] = pick<() => unknown>([() => ({ x: scalar() }), () => ({ x: 1, y: 2 }), () => ({}), () => 5])();
  if (random(3)) item['l'] = Array.from({ length: random(4) }, scalar);
  if (random(3))
    item['m'] = Array.from({ length: random(3) }, () => pick([{ k: random(3) }, { k: random(3), v: 1 }, { v: 2 }]));
  return item;
}

const PATHS = ['a', 'b', 'o.x', 'o', 'l', 'm.k', 'l.0', 'm.0.k', 'm'];

function condition(): Document {
  const path = pick(PATHS);
  const value = path === 'o' ? pick([{ x: 1 }, { x: 1, y: 2 }, {}]) : path === 'm' ? { k: 1 } : scalar();
  const operator = pick<() => unknown>([
    () => value,
    () => ({ $eq: value }),
    () => ({ $ne: value }),
    () => ({ $in: [value, scalar()] }),
    () => ({ $nin: [value, scalar()] }),
    () => ({ $gt: random(4) }),
    () => ({ $lte: random(4) }),
    () => ({ $gte: 'a', $lt: 'b' }),
    () => ({ $exists: random(2) === 1 }),
    () => ({ $size: random(3) }),
    () => ({ $not: { $gt: random(3) } }),
    () => ({ $elemMatch: { $gte: 1, $lt: 3 } }),
    () => ({ $all: [scalar()] }),
  ])();
  return { [path]: operator };
}

export function randomFilter(): Document {
  return pick<() => Document>([
    condition,
    condition,
    () => ({ $and: [condition(), condition()] }),
    () => ({ $or: [condition(), condition()] }),
    () => ({ $nor: [condition(), condition()] }),
  ])();
}

/** Everything that a path leads to: through fields, through each document of an array, through positions. */
function reach(value: unknown, parts: readonly string[]): unknown[] {
  const [part, ...rest] = parts;
  if (part === undefined) return [value];
  if (Array.isArray(value)) {
    const through = value.filter(isObject).flatMap((item) => reach(item, parts));
    return /^\d+$/.test(part) && Number(part) < value.length
      ? [...through, ...position(value[Number(part)], rest)]
      : through;
  }
  return isObject(value) ? reach(value[part], rest) : [undefined];
}

/** What a position holds is looked into, but when it is no array or document nothing is missing there. */
const position = (item: unknown, rest: readonly string[]): unknown[] =>
  rest.length === 0 || isObject(item) || Array.isArray(item) ? reach(item, rest) : [];

const isObject = (v: unknown): v is Document => typeof v === 'object' && v !== null && !Array.isArray(v);

export function naiveMatch(doc: Document, filter: Document): boolean {
  return Object.entries(filter).every(([key, value]) => {
    if (key === '$and') return (value as Document[]).every((f) => naiveMatch(doc, f));
    if (key === '$or') return (value as Document[]).some((f) => naiveMatch(doc, f));
    if (key === '$nor') return !(value as Document[]).some((f) => naiveMatch(doc, f));
    const isOperators = isObject(value) && Object.keys(value).some((k) => k.startsWith('$'));
    const operators = isOperators ? Object.entries(value as Document) : [['$eq', value] as const];
    return operators.every(([op, arg]) => holds(reach(doc, key.split('.')), op, arg));
  });
}

function holds(found: readonly unknown[], op: string, arg: unknown): boolean {
  const offered = found.flatMap((v) => (Array.isArray(v) ? [...(v as unknown[]), v] : [v]));
  const any = (test: (v: unknown) => boolean): boolean => offered.some(test);
  const same = (wanted: unknown) => (v: unknown) =>
    wanted === null ? v === null || v === undefined : isDeepStrictEqual(v, wanted);
  const compared = (test: (v: never, w: never) => boolean) =>
    any((v) => typeof v === typeof arg && v !== null && test(v as never, arg as never));
  switch (op) {
    case '$eq':
      return any(same(arg));
    case '$ne':
      return !holds(found, '$eq', arg);
    case '$in':
      return (arg as unknown[]).some((item) => holds(found, '$eq', item));
    case '$nin':
      return !holds(found, '$in', arg);
    case '$gt':
      return compared((v, w) => v > w);
    case '$gte':
      return compared((v, w) => v >= w);
    case '$lt':
      return compared((v, w) => v < w);
    case '$lte':
      return compared((v, w) => v <= w);
    case '$exists':
      return found.some((v) => v !== undefined) === arg;
    case '$size':
      return found.some((v) => Array.isArray(v) && v.length === arg);
    case '$not':
      return !Object.entries(arg as Document).every(([inner, value]) => holds(found, inner, value));
    case '$elemMatch':
      return found.some((v) => Array.isArray(v) && v.some((item: unknown) => Object.entries(arg as Document).every(([inner, value]) => holds([item], inner, value)))); // prettier-ignore
    case '$all':
      return (arg as unknown[]).every((item) => holds(found, '$eq', item));
    default:
      throw new Error(op);
  }
}

const FIELDS = ['a', 'b', 'o.x', 'o.y', 'l.1', 'n.p', 'l', 'm.0.k'];

export function randomUpdate(): Document {
  const path = pick(FIELDS);
  const value = scalar();
  return pick<Document>([
    { $set: { [path]: value } },
    { $set: { [path]: value, z: 1 } },
    { $unset: { [path]: '' } },
    { $inc: { [path]: 2 } },
    { $mul: { [path]: 3 } },
    { $min: { b: random(4) } },
    { $max: { b: random(4) } },
    { $push: { [path]: value } },
    { $addToSet: { l: value } },
    { $pull: { l: value } },
    { $pop: { l: pick([1, -1]) } },
    { $rename: { a: 'renamed' } },
  ]);
}

/** The document after one operator; undefined when MongoDB refuses. */
export function naiveUpdate(before: Document, update: Document): Document | undefined {
  const doc = structuredClone(before);
  for (const [op, fields] of Object.entries(update))
    for (const [path, arg] of Object.entries(fields as Document)) if (!apply(doc, op, path, arg)) return undefined;
  return doc;
}

function apply(doc: Document, op: string, path: string, arg: unknown): boolean {
  const makes = !['$unset', '$pull', '$pop', '$rename'].includes(op);
  const place = walk(doc, path.split('.'), makes);
  if (place === 'refused') return false;
  if (place === 'nowhere') return true;
  const { holder, name } = place;
  const current = (holder as Document)[name] as unknown;
  const put = (value: unknown): true => {
    if (Array.isArray(holder)) while (holder.length < Number(name)) holder.push(null);
    (holder as Document)[name] = value;
    return true;
  };
  const isArray = Array.isArray(current);
  switch (op) {
    case '$set':
      return put(arg);
    case '$unset':
      if (current === undefined) return true;
      if (Array.isArray(holder)) return put(null);
      return delete holder[name];
    case '$inc':
    case '$mul':
      if (current === undefined) return put(op === '$inc' ? arg : 0);
      return typeof current === 'number' && put(op === '$inc' ? current + (arg as number) : current * (arg as number));
    case '$min':
    case '$max':
      return put(current === undefined ? arg : Math[op === '$min' ? 'min' : 'max'](current as number, arg as number));
    case '$push':
      if (current === undefined) return put([arg]);
      return isArray && put([...(current as unknown[]), arg]);
    case '$addToSet':
      if (current === undefined) return put([arg]);
      return (current as unknown[]).includes(arg) || put([...(current as unknown[]), arg]);
    case '$pull':
      return current === undefined || put((current as unknown[]).filter((item) => item !== arg));
    case '$pop':
      return (
        current === undefined || put((current as unknown[]).slice(arg === -1 ? 1 : 0, arg === -1 ? undefined : -1))
      );
    case '$rename':
      if (current === undefined) return true;
      doc[arg as string] = current;
      return delete holder[name as never];
    default:
      throw new Error(op);
  }
}

function walk(
  doc: Document,
  parts: string[],
  makes: boolean,
): { holder: Document | unknown[]; name: string } | 'refused' | 'nowhere' {
  let holder: Document | unknown[] = doc;
  for (const [i, part] of parts.entries()) {
    if (Array.isArray(holder) && !/^\d+$/.test(part)) return makes ? 'refused' : 'nowhere';
    if (i === parts.length - 1) return { holder, name: part };
    let next = (holder as Document)[part] as unknown;
    if (next === undefined) {
      if (!makes) return 'nowhere';
      if (Array.isArray(holder)) while (holder.length < Number(part)) holder.push(null);
      (holder as Document)[part] = next = {};
    }
    if (!isObject(next) && !Array.isArray(next)) return makes ? 'refused' : 'nowhere';
    holder = next as Document | unknown[];
  }
  return 'nowhere';
}
