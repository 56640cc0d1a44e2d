import { inspect, isDeepStrictEqual } from 'node:util';
import { BSON, type Document } from 'mongodb';

const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !('_bsontype' in value);

/** Numbers of all types are compared by value. */
const numberOf = (value: unknown): number | undefined => {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  return value instanceof BSON.Long || value instanceof BSON.Int32 || value instanceof BSON.Double
    ? Number(value.toString())
    : undefined;
};

/**
 * Compares as the unified test format says ("Evaluating Matches"): a document at the root, or in an array at the root, may have more fields than
 * are expected, any other may not; `$$` operators stand for what can't be written down.
 *
 * @throws an Error that says where they differ
 */
export function expectMatch(expected: unknown, actual: unknown, where: string): void {
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    expected.forEach((item, i) => compare(item, actual[i], `${where}[${i}]`, true));
  } else compare(expected, actual, where, true);
}

/** As `expectMatch`, with nothing more than is expected: what a collection holds in the end. */
export function expectSame(expected: unknown, actual: unknown, where: string): void {
  compare(expected, actual, where, false);
}

function compare(expected: unknown, actual: unknown, where: string, mayHaveMore: boolean): void {
  const differ = (): never => {
    throw new Error(`${where}: wanted ${inspect(expected, { depth: 5 })}, got ${inspect(actual, { depth: 5 })}`);
  };
  if (isDocument(expected)) {
    const [operator, operand] = Object.entries(expected)[0] ?? [];
    if (operator?.startsWith('$$')) return compareSpecial(operator, operand, actual, where, mayHaveMore);
    if (!isDocument(actual)) return differ();
    for (const name of Object.keys(expected)) compare(expected[name], actual[name], `${where}.${name}`, false);
    if (!mayHaveMore && Object.keys(actual).some((name) => !(name in expected))) differ();
  } else if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return differ();
    expected.forEach((item, i) => compare(item, actual[i], `${where}[${i}]`, false));
  } else if (numberOf(expected) !== undefined) {
    if (numberOf(expected) !== numberOf(actual)) differ();
  } else if (!isDeepStrictEqual(BSON.EJSON.serialize({ expected }), BSON.EJSON.serialize({ expected: actual })))
    differ();
}

function compareSpecial(
  operator: string,
  operand: unknown,
  actual: unknown,
  where: string,
  mayHaveMore: boolean,
): void {
  if (operator === '$$unsetOrMatches') {
    if (actual !== undefined) compare(operand, actual, where, mayHaveMore);
  } else if (operator === '$$exists') {
    if ((actual !== undefined) !== operand)
      throw new Error(`${where}: ${actual === undefined ? 'is missing' : 'is there'}`);
  } else if (operator === '$$type') {
    if (actual === undefined) throw new Error(`${where}: is missing`);
  } else throw new Error(`${where}: ${operator} is not known here`);
}
