import { compare, equal } from '../bson/compare.ts';
import type { Doc } from '../bson/types.ts';
import { typeOf } from '../bson/types.ts';
import type { Bound, FieldPredicates } from './bounds.ts';
import { analyse } from './bounds.ts';

/**
 * Whether every document that matches a filter also matches a partial index's expression, as far as
 * that can be seen field by field; `false` when in doubt.
 */
export function implies(filter: FieldPredicates, expression: Doc): boolean {
  const wanted = analyse(expression);
  if (wanted.rest) return false;
  for (const [path, conditions] of wanted.byPath) {
    const given = filter.byPath.get(path) ?? [];
    if (!conditions.every((condition) => given.some((g) => covers(g, condition)))) return false;
  }
  return true;
}

function covers(given: Bound, wanted: Bound): boolean {
  const { op, arg } = given.source;
  if (op === '$in' && Array.isArray(arg)) {
    return arg.length > 0 && arg.every((item: unknown) => coversOne('$eq', item, wanted.source));
  }
  return coversOne(op, arg, wanted.source);
}

const RANGES = ['$gt', '$gte', '$lt', '$lte'];

function coversOne(op: string, arg: unknown, wanted: Bound['source']): boolean {
  if (op === wanted.op && equal(arg, wanted.arg)) return true;
  const isNull = arg === null || arg === undefined;
  if (wanted.op === '$exists') return op === '$regex' || op === '$type' || op === '$exists' || !isNull;
  if (wanted.op === '$type') return (op === '$eq' || RANGES.includes(op)) && !isNull && typeOf(arg).name === wanted.arg;
  if (!RANGES.includes(wanted.op)) return false;
  if (typeOf(arg).rank !== typeOf(wanted.arg).rank) return false;
  const order = compare(arg, wanted.arg);
  const upper = wanted.op.startsWith('$lt');
  if (op !== '$eq' && op.startsWith('$lt') !== upper) return false;
  if (op !== '$eq' && !RANGES.includes(op)) return false;
  const inside = upper ? order < 0 : order > 0;
  const edge = order === 0 && (wanted.op.endsWith('e') || op === '$lt' || op === '$gt');
  return inside || edge;
}
