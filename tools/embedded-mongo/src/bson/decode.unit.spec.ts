import { BSONRegExp, Binary, Code, Decimal128, Double, MaxKey, MinKey, ObjectId, Timestamp, serialize } from 'bson';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { CommandError } from '../errors.ts';
import { decode, decodeBody, decodeSome, startsWithId } from './decode.ts';
import { arrayParts, documentOf, encode, fieldsOf } from './encode.ts';
import { typeOf } from './types.ts';

// Thousands of cases a property; slow only where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const scalar = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.integer().map((n) => new Double(n)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.string({ unit: 'grapheme' }),
  fc.boolean(),
  fc.constantFrom(null, new MinKey(), new MaxKey()),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((b) => new ObjectId(b)),
  fc.uint8Array({ maxLength: 40 }).map((b) => new Binary(b, 0)),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => new Timestamp(n)),
  fc.constantFrom(Decimal128.fromString('1.50'), new BSONRegExp('^a', 'i')),
);

const name = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((s) => !s.includes('\0')),
  fc.constantFrom('__proto__', 'constructor', 'a.b'),
);

const { document } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('value'), { maxLength: 4 }), tie('document')),
  document: fc.dictionary(name, tie('value'), { maxKeys: 6 }),
}));

describe('decode', () => {
  it('gives back what it was encoded from, byte for byte', () => {
    fc.assert(
      fc.property(document, (doc) => {
        const bytes = encode(doc as Record<string, unknown>);
        return encode(decode(bytes)).equals(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the number types apart', () => {
    const doc = decode(encode({ i: 5, d: new Double(5), f: 5.5, l: 5n, big: 2 ** 40 }));
    expect(doc).toEqual({ i: 5, d: new Double(5), f: 5.5, l: 5n, big: 2 ** 40 });
  });

  it('answers damaged documents with an error of its own, never anything else', () => {
    fc.assert(
      fc.property(document, fc.integer({ min: 0 }), fc.integer({ min: 0, max: 255 }), (doc, at, byte) => {
        const bytes = Buffer.from(encode(doc as Record<string, unknown>));
        bytes[at % bytes.length] = byte;
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CommandError);
        }
      }),
      { numRuns: 2000 },
    );
    expect(() => decode(Buffer.from([1, 2]))).toThrow(CommandError);
  });

  it('refuses what BSON gave up, but for undefined, which is like a missing field', () => {
    const of = (type: number, value: number[]) => {
      const size = 8 + value.length;
      return Buffer.from([size, 0, 0, 0, type, 0x61, 0, ...value, 0]);
    };
    const pointer = [2, 0, 0, 0, 0x78, 0, ...Array.from({ length: 12 }, () => 0)];
    expect(() => decode(of(0x0c, pointer))).toThrow(/unsupported type 12/);
    expect(() => decode(Buffer.from(serialize({ a: new Code('x', { b: 1 }) })))).toThrow(/unsupported type 15/);
    expect(typeOf(decode(of(0x06, []))['a']).name).toBe('missing');
  });

  it('knows an _id that stands first', () => {
    expect(startsWithId(encode({ _id: 'x', a: 1 }))).toBe(true);
    expect(startsWithId(encode({ a: 1, _id: 'x' }))).toBe(false);
    expect(startsWithId(encode({}))).toBe(false);
  });

  it('reads some fields, as all are read, and checks the others', () => {
    const doc = { a: 1, t: new Timestamp(5n), b: { c: ['x', { d: null }] }, s: 'text', e: 2.5, n: 7n };
    const bytes = encode(doc);
    expect(decodeSome(bytes, new Set(['b', 'n']))).toEqual({ b: doc.b, n: 7n });
    expect(Object.keys(decodeSome(bytes, new Set(['e', 'a']), 0x11))).toEqual(['a', 't', 'e']);
    const damaged = Buffer.from(bytes);
    damaged.writeInt32LE(1000, bytes.indexOf('text') - 4);
    expect(() => decodeSome(damaged, new Set(['a']))).toThrow(CommandError);
  });

  it('leaves arrays of documents in the body of a command encoded', () => {
    const documents = [{ _id: 1 }, { _id: 2, a: ['x'] }];
    const found = new Map<string, Buffer[]>();
    const names = new Set(['documents', 'mixed']);
    const bytes = encode({ insert: 'c', documents, mixed: [{ a: 1 }, 2], other: [{ a: 1 }] });
    const body = decodeBody(bytes, names, (name, docs) => found.set(name, docs));
    expect(body).toEqual({ insert: 'c', mixed: [{ a: 1 }, 2], other: [{ a: 1 }] });
    expect([...found.entries()]).toEqual([['documents', documents.map(encode)]]);
  });
});

describe('encode', () => {
  it('joins encoded documents into a reply without decoding them', () => {
    const docs = [{ a: 1 }, { b: 'x' }, {}];
    const items = arrayParts(
      'items',
      docs.map((d) => encode(d)),
    );
    const reply = documentOf(3, [...items, fieldsOf(encode({ ok: 1 }))]).subarray(3);
    expect(reply).toEqual(Buffer.from(serialize({ items: docs, ok: 1 })));
  });
});
