import { Decimal128, Double, Timestamp } from 'bson';
import { compare, equal } from '../bson/compare.ts';
import { decimalArithmetic } from '../bson/decimal-math.ts';
import type { Doc } from '../bson/types.ts';
import { asNumber, isDoc, removeField, typeOf } from '../bson/types.ts';
import { CommandError, badValue, failedToParse } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import { isOperatorDoc } from '../query/operators.ts';
import { parseSort, sortBy } from '../query/sort.ts';
import { show } from '../storage/duplicate-key.ts';
import type { Place } from './paths.ts';
import { clone, findPlace, makePlace, setAt, typeName, unsetAt } from './paths.ts';

export type UpdateContext = { now: Date; inserting: boolean; id: unknown };

/** Applies one operator at one concrete path of a document that may be changed in place. */
export type Apply = (doc: Doc, parts: readonly string[], arg: unknown, context: UpdateContext) => void;

const nameOf = (parts: readonly string[]): string => parts.at(-1) ?? '';

/** Changes the value at a path to what `change` makes of it. */
function changing(
  change: (current: unknown, arg: unknown, context: UpdateContext, parts: readonly string[]) => unknown,
): Apply {
  return (doc, parts, arg, context) => {
    const place = makePlace(doc, parts);
    setAt(place, change(place.value, arg, context, parts));
  };
}

/** Changes the array at a path, where there is one. */
function inArray(op: string, change: (items: unknown[], arg: unknown) => unknown[]): Apply {
  return (doc, parts, arg) => {
    const place = findPlace(doc, parts);
    if (!place || place.value === undefined) return;
    if (!Array.isArray(place.value)) throw badValue(`Cannot apply ${op} to a non-array value`);
    setAt(place, change(place.value as unknown[], arg));
  };
}

export const OPERATORS: Record<string, Apply> = {
  $set: changing((_, arg) => clone(arg)),
  $setOnInsert: (doc, parts, arg, context) => {
    if (context.inserting) setAt(makePlace(doc, parts), clone(arg));
  },
  $unset: (doc, parts) => {
    const place = findPlace(doc, parts);
    if (place && place.value !== undefined) unsetAt(place);
  },
  $inc: changing((current, arg, { id }, parts) => arithmetic('$inc', current, arg, id, parts)),
  $mul: changing((current, arg, { id }, parts) => arithmetic('$mul', current, arg, id, parts)),
  $min: changing((current, arg) => (current === undefined || compare(arg, current) < 0 ? clone(arg) : current)),
  $max: changing((current, arg) => (current === undefined || compare(arg, current) > 0 ? clone(arg) : current)),
  $currentDate: changing((_, arg, { now }) => currentDate(arg, now)),
  $rename: rename,
  $push: changing((current, arg, { id }, parts) => push(asArray('$push', current, id, parts), arg)),
  $addToSet: changing((current, arg, { id }, parts) => addToSet(asArray('$addToSet', current, id, parts), arg)),
  $pop: inArray('$pop', pop),
  $pull: inArray('$pull', pull),
  $pullAll: inArray('$pullAll', (items, arg) => {
    if (!Array.isArray(arg)) throw badValue(`$pullAll requires an array argument but was given a ${typeName(arg)}`);
    return items.filter((item) => !arg.some((unwanted: unknown) => equal(item, unwanted)));
  }),
  $bit: changing((current, arg, { id }, parts) => bit(current, arg, id, parts)),
};

function rename(doc: Doc, parts: readonly string[], arg: unknown): void {
  if (typeof arg !== 'string')
    throw badValue(`The 'to' field for $rename must be a string: ${nameOf(parts)}: ${show(arg)}`);
  const from = findPlace(doc, parts);
  if (!from || from.value === undefined) return;
  if (Array.isArray(from.holder)) throw badValue(`The source field cannot be an array element, '${parts.join('.')}'`);
  unsetAt(from);
  const to: Place = makePlace(doc, arg.split('.'));
  // A field that is renamed to an existing one goes to the end.
  if (!Array.isArray(to.holder)) removeField(to.holder, to.name);
  setAt(to, from.value);
}

/** Int stays int until it overflows into long; a double or decimal on either side decides the result. */
function arithmetic(op: string, current: unknown, arg: unknown, id: unknown, parts: readonly string[]): unknown {
  if (typeOf(arg).rank !== 0x20)
    throw new CommandError(
      14,
      `Cannot ${op === '$inc' ? 'increment' : 'multiply'} with non-numeric argument: {${parts.join('.')}: ${show(arg)}}`,
    );
  if (current === undefined) return op === '$inc' ? arg : zeroLike(arg);
  if (typeOf(current).rank !== 0x20) {
    throw new CommandError(
      14,
      `Cannot apply ${op} to a value of non-numeric type. {_id: ${show(id)}} has the field '${nameOf(parts)}' of non-numeric type ${typeName(current)}`,
    );
  }
  const types = [typeName(current), typeName(arg)];
  if (types.includes('decimal')) return decimalArithmetic(op === '$inc' ? 'add' : 'multiply', current, arg);
  if (types.includes('double')) {
    const a = asNumber(current) ?? 0;
    const b = asNumber(arg) ?? 0;
    return asDouble(op === '$inc' ? a + b : a * b);
  }
  const a = BigInt(asBigInt(current));
  const b = BigInt(asBigInt(arg));
  const result = op === '$inc' ? a + b : a * b;
  if (BigInt.asIntN(64, result) !== result)
    throw badValue(
      `Failed to apply ${op} operations to current value (${show(current)}) for document {_id: ${show(id)}}`,
    );
  const fits = result >= -0x80000000n && result <= 0x7fffffffn;
  return types.includes('long') || !fits ? result : Number(result);
}

const asBigInt = (v: unknown): number | bigint => (typeof v === 'bigint' ? v : (asNumber(v) ?? 0));
const asDouble = (v: number): unknown => ((v | 0) === v && !Object.is(v, -0) ? new Double(v) : v);

function zeroLike(arg: unknown): unknown {
  if (typeof arg === 'bigint') return 0n;
  if (arg instanceof Decimal128) return Decimal128.fromString('0');
  return typeName(arg) === 'double' ? new Double(0) : 0;
}

function currentDate(arg: unknown, now: Date): unknown {
  if (arg === true || arg === false) return now;
  const type = isDoc(arg) ? arg['$type'] : undefined;
  if (type === 'date') return now;
  if (type === 'timestamp') return new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 });
  throw badValue(
    `The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}`,
  );
}

function asArray(op: string, current: unknown, id: unknown, parts: readonly string[]): unknown[] {
  if (current === undefined) return [];
  if (Array.isArray(current)) return current as unknown[];
  const problem =
    op === '$push'
      ? `The field '${parts.join('.')}' must be an array but is of type ${typeName(current)} in document {_id: ${show(id)}}`
      : `Cannot apply $addToSet to non-array field. Field named '${nameOf(parts)}' has non-array type ${typeName(current)}`;
  throw badValue(problem);
}

const MODIFIERS = ['$each', '$slice', '$sort', '$position'];

function push(items: unknown[], arg: unknown): unknown[] {
  if (!isDoc(arg) || !('$each' in arg)) return [...items, clone(arg)];
  const unknown = Object.keys(arg).find((key) => !MODIFIERS.includes(key));
  if (unknown !== undefined) throw badValue(`Unrecognized clause in $push: ${unknown}`);
  const each = arg['$each'];
  if (!Array.isArray(each))
    throw badValue(`The argument to $each in $push must be an array but it was of type: ${typeName(each)}`);
  const position = asNumber(arg['$position']) ?? items.length;
  const at = position < 0 ? Math.max(0, items.length + position) : Math.min(position, items.length);
  let out = [...items.slice(0, at), ...clone(each as unknown[]), ...items.slice(at)];
  if ('$sort' in arg) out = sortItems(out, arg['$sort']);
  const limit = asNumber(arg['$slice']);
  if (limit !== undefined) out = limit < 0 ? out.slice(limit) : out.slice(0, limit);
  return out;
}

function sortItems(items: unknown[], spec: unknown): unknown[] {
  if (isDoc(spec)) return sortBy(items, parseSort(spec), (item) => (isDoc(item) ? item : {}));
  const direction = asNumber(spec);
  if (direction !== 1 && direction !== -1) throw badValue('The $sort element value must be either 1 or -1');
  return [...items].sort((a, b) => compare(a, b) * direction);
}

function addToSet(items: unknown[], arg: unknown): unknown[] {
  const each = isDoc(arg) && '$each' in arg ? arg['$each'] : [arg];
  if (!Array.isArray(each))
    throw new CommandError(
      14,
      `The argument to $each in $addToSet must be an array but it was of type ${typeName(each)}`,
    );
  const out = [...items];
  for (const item of each as unknown[]) if (!out.some((v) => equal(v, item))) out.push(clone(item));
  return out;
}

/** `$pull` takes a value, operators on the items, or a filter on items that are documents. */
function pull(items: unknown[], arg: unknown): unknown[] {
  if (isDoc(arg) && !isOperatorDoc(arg)) {
    const matches = compileFilter(arg);
    return items.filter((item) => !(isDoc(item) && matches(item)));
  }
  const matches = compileFilter({ v: arg });
  return items.filter(
    (item) => !(Array.isArray(item) && !isOperatorDoc(arg) ? equal(item, arg) : matches({ v: item })),
  );
}

function pop(items: unknown[], arg: unknown): unknown[] {
  const end = asNumber(arg);
  if (end !== 1 && end !== -1) throw failedToParse(`$pop expects 1 or -1, found: ${show(arg)}`);
  return end === -1 ? items.slice(1) : items.slice(0, -1);
}

const isInteger = (v: unknown): boolean => ['int', 'long'].includes(typeName(v));

function bit(current: unknown, arg: unknown, id: unknown, parts: readonly string[]): unknown {
  if (current !== undefined && !isInteger(current))
    throw badValue(
      `Cannot apply $bit to a value of non-integral type. {_id: ${show(id)}} has the field ${nameOf(parts)} of non-integer type ${typeName(current)}`,
    );
  if (!isDoc(arg)) throw badValue('The $bit modifier is not compatible with a non-object');
  const long = typeof current === 'bigint' || Object.values(arg).some((v) => typeof v === 'bigint');
  let value = BigInt(asBigInt(current ?? 0));
  for (const [op, operand] of Object.entries(arg)) {
    if (!isInteger(operand))
      throw badValue(
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(operand)}' is not supported here: {${op}: ${show(operand)}}`,
      );
    const number = BigInt(asBigInt(operand));
    if (op === 'and') value &= number;
    else if (op === 'or') value |= number;
    else if (op === 'xor') value ^= number;
    else
      throw badValue(
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${op}' which is an unknown operator`,
      );
  }
  return long ? BigInt.asIntN(64, value) : Number(BigInt.asIntN(32, value));
}
