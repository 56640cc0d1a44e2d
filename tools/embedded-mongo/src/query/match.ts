import { BSONRegExp } from 'bson';
import { compileExpression } from '../aggregate/expression.ts';
import { equal } from '../bson/compare.ts';
import type { Doc } from '../bson/types.ts';
import { entries, isDoc, keyOf } from '../bson/types.ts';
import { badValue } from '../errors.ts';
import type { LeafTest } from './operators.ts';
import { compileOperator, isOperatorDoc } from './operators.ts';
import { anyValue } from './path.ts';

export type Predicate = (doc: Doc) => boolean;

const REFUSED: Record<string, string> = {
  $where: '$where is not supported by this engine',
  $text: 'text index required for $text query',
  $jsonSchema: '$jsonSchema is not supported by this engine',
};

/** Compiles a query filter; throws MongoDB's error for what it doesn't know. `variables` are those of `let`. */
export function compileFilter(filter: Doc, variables?: Doc): Predicate {
  const tests = entries(filter).flatMap(([key, value]) => compileEntry(key, value, variables));
  return all(tests);
}

function all(tests: readonly Predicate[]): Predicate {
  const [first, second] = tests;
  if (!first) return () => true;
  if (!second) return first;
  return (doc) => tests.every((test) => test(doc));
}

function compileEntry(key: string, value: unknown, variables: Doc | undefined): Predicate[] {
  if (!key.startsWith('$')) return compileField(key, value);
  switch (key) {
    case '$and':
      return branches(key, value, variables);
    case '$or': {
      const tests = branches(key, value, variables);
      return [(doc) => tests.some((test) => test(doc))];
    }
    case '$nor': {
      const tests = branches(key, value, variables);
      return [(doc) => !tests.some((test) => test(doc))];
    }
    case '$expr': {
      const result = compileExpression(value, variables);
      return [(doc) => truthy(result(doc))];
    }
    case '$alwaysTrue':
      return [];
    case '$alwaysFalse':
      return [() => false];
    case '$comment':
      return [];
    default:
      throw badValue(
        REFUSED[key] ??
          `unknown top level operator: ${key}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

const truthy = (v: unknown): boolean => v !== false && v !== null && v !== undefined && v !== 0 && v !== 0n;

function branches(key: string, value: unknown, variables: Doc | undefined): Predicate[] {
  if (!Array.isArray(value)) throw badValue(`${key} must be an array`);
  if (value.length === 0) throw badValue('$and/$or/$nor must be a nonempty array');
  return value.map((branch: unknown) => {
    if (!isDoc(branch)) throw badValue('$or/$and/$nor entries need to be full objects');
    return compileFilter(branch, variables);
  });
}

function compileField(path: string, value: unknown): Predicate[] {
  const parts = path.split('.');
  if (value instanceof BSONRegExp) return [leaf(parts, compileOperator('$regex', value, {}, nested))];
  if (!isOperatorDoc(value)) {
    return [leaf(parts, compileOperator('$eq', value, {}, nested))];
  }
  return Object.entries(value).flatMap(([op, arg]) => {
    if (op === '$options') {
      if (!('$regex' in value)) throw badValue('$options needs a $regex');
      return [];
    }
    if (op === '$not') return [negated(path, arg)];
    return [leaf(parts, compileOperator(op, arg, value, nested))];
  });
}

function negated(path: string, arg: unknown): Predicate {
  if (!(arg instanceof BSONRegExp) && !isDoc(arg)) throw badValue('$not needs a regex or a document');
  if (isDoc(arg) && Object.keys(arg).length === 0) throw badValue('$not cannot be empty');
  if (isDoc(arg) && !isOperatorDoc(arg)) throw badValue(`unknown operator: ${Object.keys(arg)[0] ?? ''}`);
  const tests = compileField(path, arg);
  return (doc) => !tests.every((test) => test(doc));
}

function leaf(parts: readonly string[], { expand, negate, test }: LeafTest): Predicate {
  const name = keyOf(parts[0] ?? '');
  if (parts.length === 1 && !negate && name !== '__proto__' && expand) {
    return (doc) => {
      const v = doc[name];
      if (Array.isArray(v)) return v.some(test) || test(v);
      return typeof v === 'function' ? test(undefined) : test(v);
    };
  }
  return negate ? (doc) => !anyValue(doc, parts, expand, test) : (doc) => anyValue(doc, parts, expand, test);
}

/** How operators compile the filters and operator documents inside them. */
const nested = {
  filter: (filter: Doc) => compileFilter(filter),
  /** A test of one array item by operators (`{$elemMatch: {$gt: 1}}`). */
  value(operators: Doc): (v: unknown) => boolean {
    const test = all(compileField('v', operators));
    return (v) => test({ v });
  },
  equal,
};

export type Nested = typeof nested;
