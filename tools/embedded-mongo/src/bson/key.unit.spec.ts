import { Binary, Decimal128, Double, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { encodeCompoundKey, encodeKey, successor } from './key.ts';
import { asNumber, typeOf } from './types.ts';

// Thousands of cases a property; slow only where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.integer().map((n) => new Double(n)),
);

const scalar = fc.oneof(
  number,
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => new Binary(bytes)),
);

const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 4 }),
  fc.dictionary(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 3 }), scalar, { maxKeys: 3 }),
);

/** MongoDB's order written down a second time, naively, for what the generators make. */
function naive(a: unknown, b: unknown): number {
  const [x, y] = [typeOf(a), typeOf(b)];
  if (x.rank !== y.rank) return x.rank - y.rank;
  if (x.rank === 0x20) return exactOrder(a, b);
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (a instanceof ObjectId && b instanceof ObjectId) return Buffer.compare(a.id, b.id);
  if (a instanceof Binary && b instanceof Binary)
    return a.position - b.position || Buffer.compare(a.value(), b.value());
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (Array.isArray(a) && Array.isArray(b)) return sequence(a, b, naive);
  if (a === null || b === null) return 0;
  return sequence(
    Object.entries(a as object),
    Object.entries(b as object),
    ([n, v]: [string, unknown], [m, w]: [string, unknown]) => {
      return typeOf(v).rank - typeOf(w).rank || Buffer.compare(Buffer.from(n), Buffer.from(m)) || naive(v, w);
    },
  );
}

function sequence<T>(a: readonly T[], b: readonly T[], order: (x: T, y: T) => number): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const o = order(a[i] as T, b[i] as T);
    if (o !== 0) return o;
  }
  return a.length - b.length;
}

function exactOrder(a: unknown, b: unknown): number {
  const [x, y] = [a, b].map((v) => (typeof v === 'bigint' ? v : (asNumber(v) ?? 0)));
  return x! < y! ? -1 : x! > y! ? 1 : 0;
}

const sign = Math.sign;

describe('the key encoding', () => {
  it('orders as MongoDB does', () => {
    fc.assert(
      fc.property(value, value, (a, b) => sign(Buffer.compare(encodeKey(a), encodeKey(b))) === sign(naive(a, b))),
      { numRuns: 3000 },
    );
  });

  it('orders neighbouring numbers of all types', () => {
    const near = fc
      .tuple(number, fc.integer({ min: -3, max: 3 }))
      .map(([n, d]) => (typeof n === 'bigint' ? BigInt.asIntN(64, n + BigInt(d)) : n));
    fc.assert(
      fc.property(near, fc.integer({ min: -2, max: 2 }), (n, d) => {
        const m =
          typeof n === 'bigint'
            ? Number(n) + d
            : BigInt(Math.trunc(Math.max(-9e18, Math.min(9e18, asNumber(n) ?? 0)))) + BigInt(d);
        return sign(Buffer.compare(encodeKey(n), encodeKey(m))) === sign(exactOrder(n, m));
      }),
      { numRuns: 2000 },
    );
  });

  it('orders decimals among themselves and with doubles', () => {
    const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n }), fc.integer({ min: -40, max: 40 }));
    const key = ([digits, exponent]: [bigint, number]): Buffer =>
      encodeKey(Decimal128.fromString(`${digits}E${exponent}`));
    const scaled = ([digits, exponent]: [bigint, number]): bigint => digits * 10n ** BigInt(exponent + 40);
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const order = scaled(a) < scaled(b) ? -1 : scaled(a) > scaled(b) ? 1 : 0;
        return sign(Buffer.compare(key(a), key(b))) === order;
      }),
      { numRuns: 2000 },
    );
    expect(encodeKey(Decimal128.fromString('1.5'))).toEqual(encodeKey(1.5));
    expect(encodeKey(Decimal128.fromString('7'))).toEqual(encodeKey(7n));
    expect(Buffer.compare(encodeKey(Decimal128.fromString('0.1')), encodeKey(0.1))).toBeLessThan(0);
    expect(Buffer.compare(encodeKey(Decimal128.fromString('1E+6000')), encodeKey(Number.MAX_VALUE))).toBeGreaterThan(0);
    expect(Buffer.compare(encodeKey(Decimal128.fromString('1E-6000')), encodeKey(0))).toBeGreaterThan(0);
  });

  it('orders the types', () => {
    const ascending = [
      new MinKey(),
      null,
      NaN,
      -Infinity,
      -1,
      0,
      Infinity,
      '',
      'a',
      {},
      { a: 1 },
      [],
      [1],
      new Binary(Buffer.alloc(0)),
      new ObjectId(),
      false,
      true,
      new Date(0),
      new Timestamp(1n),
      new MaxKey(),
    ];
    const keys = ascending.map((v) => encodeKey(v).toString('hex'));
    expect([...keys].sort()).toEqual(keys);
  });

  it('turns descending fields around and keeps the fields apart', () => {
    const pair = fc.tuple(value, value);
    fc.assert(
      fc.property(pair, pair, (a, b) => {
        const order = naive(a[0], b[0]) || -naive(a[1], b[1]);
        return (
          sign(Buffer.compare(encodeCompoundKey(a, [false, true]), encodeCompoundKey(b, [false, true]))) === sign(order)
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('has no key that begins another, so the successor of a key ends its own entries only', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [x, y] = [encodeKey(a), encodeKey(b)];
        const after = successor(x)!;
        return x.equals(y) || !y.subarray(0, x.length).equals(x) ? Buffer.compare(x, after) < 0 : false;
      }),
    );
  });
});
