import { BSONRegExp, Binary, Decimal128, Double, MaxKey, MinKey, ObjectId, Timestamp, serialize } from 'bson';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { CommandError } from '../errors.ts';
import { decode, decodeFirstId } from './decode.ts';
import { arrayOfRaw, documentOf, encode, fieldsOf } from './encode.ts';

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

  it('reads an _id that stands first without the rest', () => {
    expect(decodeFirstId(encode({ _id: 'x', a: 1 }))).toBe('x');
    expect(decodeFirstId(encode({ a: 1, _id: 'x' }))).toBeUndefined();
  });
});

describe('encode', () => {
  it('joins encoded documents into a reply without decoding them', () => {
    const docs = [{ a: 1 }, { b: 'x' }, {}];
    const reply = documentOf([
      arrayOfRaw(
        'items',
        docs.map((d) => encode(d)),
      ),
      fieldsOf(encode({ ok: 1 })),
    ]);
    expect(reply).toEqual(Buffer.from(serialize({ items: docs, ok: 1 })));
  });
});
