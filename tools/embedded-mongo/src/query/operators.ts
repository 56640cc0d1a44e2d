import { BSONRegExp } from 'bson';
import { compare, equal } from '../bson/compare.ts';
import type { Doc } from '../bson/types.ts';
import { TYPES, asNumber, isDoc, typeOf } from '../bson/types.ts';
import { CommandError, badValue, failedToParse } from '../errors.ts';
import type { Nested } from './match.ts';

/** A test of the values at a path: `expand` offers array items too, `negate` demands that none passes. */
export type LeafTest = { expand: boolean; negate?: boolean; test: (v: unknown) => boolean };

/** `{$gt: 1}` is a document of operators, `{a: 1}` and `{}` are values to equal. */
export function isOperatorDoc(v: unknown): v is Doc {
  if (!isDoc(v)) return false;
  const [first] = Object.keys(v);
  return first !== undefined && first.startsWith('$') && first !== '$ref' && first !== '$id' && first !== '$db';
}

/** Compiles one operator of a field; `siblings` holds its neighbours (`$options` of `$regex`). */
export function compileOperator(op: string, arg: unknown, siblings: Doc, nested: Nested): LeafTest {
  switch (op) {
    case '$eq':
      return { expand: true, test: equalTo(arg) };
    case '$ne':
      if (arg instanceof BSONRegExp) throw badValue("Can't have regex as arg to $ne.");
      return { expand: true, negate: true, test: equalTo(arg) };
    case '$gt':
      return range(op, arg, (order) => order > 0);
    case '$gte':
      return range(op, arg, (order) => order >= 0);
    case '$lt':
      return range(op, arg, (order) => order < 0);
    case '$lte':
      return range(op, arg, (order) => order <= 0);
    case '$in':
      return { expand: true, test: oneOf(op, arg) };
    case '$nin':
      return { expand: true, negate: true, test: oneOf(op, arg) };
    case '$exists':
      return { expand: false, negate: !isTrue(arg), test: (v) => v !== undefined };
    case '$type':
      return { expand: true, test: ofType(arg) };
    case '$regex':
      return { expand: true, test: matching(arg, siblings['$options']) };
    case '$mod':
      return { expand: true, test: modulo(arg) };
    case '$size': {
      const size = wholeNumber(arg, 'Failed to parse $size. Expected an integer');
      if (size < 0) throw failedToParse(`Failed to parse $size. Expected a non-negative number in: $size: ${size}`);
      return { expand: false, test: (v) => Array.isArray(v) && v.length === size };
    }
    case '$all':
      return { expand: false, test: allOf(arg, nested) };
    case '$elemMatch':
      return { expand: false, test: elementMatching(arg, nested) };
    case '$bitsAllSet':
      return bits(arg, (value, mask) => (value & mask) === mask);
    case '$bitsAnySet':
      return bits(arg, (value, mask) => (value & mask) !== 0n);
    case '$bitsAllClear':
      return bits(arg, (value, mask) => (value & mask) === 0n);
    case '$bitsAnyClear':
      return bits(arg, (value, mask) => (value & mask) !== mask);
    default:
      throw badValue(`unknown operator: ${op}`);
  }
}

const isTrue = (v: unknown): boolean => v !== false && v !== null && v !== undefined && asNumber(v) !== 0;

function equalTo(arg: unknown): (v: unknown) => boolean {
  if (arg === null || arg === undefined) return (v) => v === null || v === undefined;
  if (typeof arg === 'string' || typeof arg === 'boolean') return (v) => v === arg;
  return (v) => equal(v, arg);
}

/** Comparisons hold only between values of one type class, except with null, MinKey and MaxKey. */
function range(op: string, arg: unknown, holds: (order: number) => boolean): LeafTest {
  if (arg instanceof BSONRegExp) throw badValue(`Can't have RegEx as arg to predicate over field '${op}'.`);
  const { rank, name } = typeOf(arg);
  const anyType = name === 'minKey' || name === 'maxKey';
  const orEqual = op === '$gte' || op === '$lte';
  if (name === 'null' || name === 'missing')
    return { expand: true, test: (v) => orEqual && (v === null || v === undefined) };
  const number = asNumber(arg);
  if (number !== undefined && Number.isNaN(number))
    return { expand: true, test: (v) => orEqual && Number.isNaN(asNumber(v)) };
  return {
    expand: true,
    test: (v) => {
      if (typeof v === 'string' && typeof arg === 'string' && isAscii(v) && isAscii(arg))
        return holds(v < arg ? -1 : v > arg ? 1 : 0);
      const type = typeOf(v);
      if (type.name === 'missing') return false;
      if (!anyType && type.rank !== rank) return false;
      if (rank === 0x20 && Number.isNaN(asNumber(v))) return false;
      return holds(compare(v, arg));
    },
  };
}

/** UTF-16 order differs from UTF-8 order only beyond the basic plane; short ASCII is the common case. */
const isAscii = (text: string): boolean => {
  if (text.length > 64) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
};

function oneOf(op: string, arg: unknown): (v: unknown) => boolean {
  if (!Array.isArray(arg)) throw badValue(`${op} needs an array`);
  const primitives = new Set<unknown>();
  const tests: ((v: unknown) => boolean)[] = [];
  for (const item of arg as unknown[]) {
    if (isOperatorDoc(item)) throw badValue(`cannot nest $ under ${op}`);
    if (item instanceof BSONRegExp) tests.push(matching(item, undefined));
    else if (typeof item === 'string') primitives.add(item);
    else tests.push(equalTo(item));
  }
  return (v) => primitives.has(v) || tests.some((test) => test(v));
}

/** A JavaScript expression for a BSON one; `s` and `m` mean the same, `x` is taken out. */
export function toRegExp(arg: unknown, options: unknown): RegExp {
  const pattern = arg instanceof BSONRegExp ? arg.pattern : arg;
  const flags = options ?? (arg instanceof BSONRegExp ? arg.options : '');
  if (typeof pattern !== 'string') throw badValue('$regex has to be a string');
  if (typeof flags !== 'string') throw badValue('$options has to be a string');
  const unknown = /[^imsux]/.exec(flags);
  if (unknown) throw new CommandError(51108, ` invalid flag in regex options: ${unknown[0]}`);
  const inline = /^\(\?([imsx]+)\)/.exec(pattern);
  const body = inline ? pattern.slice(inline[0].length) : pattern;
  const wanted = new Set([...flags, ...(inline?.[1] ?? '')]);
  const source = wanted.has('x')
    ? body.replace(/\\.|\[(?:\\.|[^\]])*\]|\s+|#.*$/gm, (m) => (/^[\s#]/.test(m) ? '' : m))
    : body;
  try {
    return new RegExp(source, ['i', 'm', 's'].filter((f) => wanted.has(f)).join('') + 'u');
  } catch {
    return lenient(source, wanted);
  }
}

/** Without the `u` flag JavaScript tolerates needless escapes, as PCRE does. */
function lenient(source: string, wanted: ReadonlySet<string>): RegExp {
  try {
    return new RegExp(source, ['i', 'm', 's'].filter((f) => wanted.has(f)).join(''));
  } catch (error) {
    throw new CommandError(51091, `Regular expression is invalid: ${(error as Error).message}`);
  }
}

function matching(arg: unknown, options: unknown): (v: unknown) => boolean {
  const regexp = toRegExp(arg, options);
  return (v) => {
    if (typeof v === 'string') return regexp.test(v);
    return (
      v instanceof BSONRegExp && arg instanceof BSONRegExp && v.pattern === arg.pattern && v.options === arg.options
    );
  };
}

function ofType(arg: unknown): (v: unknown) => boolean {
  const numbers = new Set<number>();
  for (const item of Array.isArray(arg) ? (arg as unknown[]) : [arg]) {
    if (item === 'number') for (const t of TYPES.filter((x) => x.rank === 0x20)) numbers.add(t.number);
    else {
      const code = asNumber(item);
      const type = TYPES.find((t) => t.name === item || t.number === code);
      if (!type)
        throw badValue(
          typeof item === 'string'
            ? `Unknown type name alias: ${item}`
            : `Invalid numerical type code: ${String(item)}`,
        );
      numbers.add(type.number);
    }
  }
  return (v) => v !== undefined && numbers.has(typeOf(v).number);
}

function wholeNumber(arg: unknown, message: string): number {
  const number = asNumber(arg);
  if (number === undefined || !Number.isInteger(number)) throw failedToParse(message);
  return number;
}

function modulo(arg: unknown): (v: unknown) => boolean {
  if (!Array.isArray(arg)) throw badValue('malformed mod, needs to be an array');
  if (arg.length < 2) throw badValue('malformed mod, not enough elements');
  if (arg.length > 2) throw badValue('malformed mod, too many elements');
  const [divisor, remainder] = (arg as unknown[]).map((v) => Math.trunc(asNumber(v) ?? NaN));
  if (divisor === undefined || remainder === undefined || Number.isNaN(divisor))
    throw badValue('malformed mod, divisor not a number');
  if (divisor === 0) throw badValue('divisor cannot be 0');
  return (v) => {
    const number = asNumber(v);
    return number !== undefined && Number.isFinite(number) && Math.trunc(number) % divisor === remainder;
  };
}

function allOf(arg: unknown, nested: Nested): (v: unknown) => boolean {
  if (!Array.isArray(arg)) throw badValue('$all needs an array');
  const tests = (arg as unknown[]).map((item) => {
    if (isDoc(item) && '$elemMatch' in item) return elementMatching(item['$elemMatch'], nested);
    if (isOperatorDoc(item)) throw badValue('no $ expressions in $all');
    const test = item instanceof BSONRegExp ? matching(item, undefined) : equalTo(item);
    return (v: unknown) => (Array.isArray(v) && v.some(test)) || test(v);
  });
  return (v) => tests.length > 0 && tests.every((test) => test(v));
}

function elementMatching(arg: unknown, nested: Nested): (v: unknown) => boolean {
  if (!isDoc(arg)) throw badValue('$elemMatch needs an Object');
  const logical = ['$and', '$or', '$nor', '$expr'];
  if (isOperatorDoc(arg) && !logical.includes(Object.keys(arg)[0] ?? '')) {
    const test = nested.value(arg);
    return (v) => Array.isArray(v) && v.some(test);
  }
  const test = nested.filter(arg);
  return (v) => Array.isArray(v) && v.some((item: unknown) => isDoc(item) && test(item));
}

function bits(arg: unknown, holds: (value: bigint, mask: bigint) => boolean): LeafTest {
  const number = asNumber(arg);
  let mask = 0n;
  if (Array.isArray(arg)) for (const position of arg as unknown[]) mask |= 1n << BigInt(asNumber(position) ?? 0);
  else if (number !== undefined && Number.isInteger(number) && number >= 0) mask = BigInt(number);
  else throw badValue(`bit mask has to be a non-negative number or an array of positions`);
  return {
    expand: true,
    test: (v) => {
      const value = asNumber(v);
      return value !== undefined && Number.isInteger(value) && holds(BigInt(value), mask);
    },
  };
}
