import { Decimal128, Double, Int32, Long, MaxKey, MinKey, MongoServerError, ObjectId, Timestamp } from 'mongodb';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestEngine } from './engine.fixture.ts';
import { startTestEngine } from './engine.fixture.ts';
import { naiveMatch, naiveUpdate, randomFilter, randomItem, randomUpdate } from './naive.fixture.ts';

type Item = Document & { _id: number };

let engine: TestEngine;
beforeAll(async () => void (engine = await startTestEngine()));
afterAll(() => engine.stop());
beforeEach(() => engine.db.dropDatabase());

const items = () => engine.db.collection<Item>('items');
const ids = async (filter: Document): Promise<number[]> => (await items().find(filter).toArray()).map((d) => d._id);

describe('the order of types', () => {
  const values: unknown[] = [
    new MinKey(), null, Double.fromString('NaN'), new Double(-Infinity), Long.fromString('-9007199254740993'), new Int32(-1), new Double(0.5),
    Decimal128.fromString('0.6'), Long.fromNumber(1), Decimal128.fromString('1.0000000000000000000000000000001'), new Int32(2),
    Long.fromString('9007199254740993'), new Double(1e300), '', 'A', 'a', 'é', '😀', {}, { a: 1 }, { a: 2 }, { b: 0 }, [[1]],
    new ObjectId('000000000000000000000001'), new ObjectId('f00000000000000000000000'), false, true, new Date(-1), new Date(0),
    new Timestamp({ t: 1, i: 1 }), /a/, new MaxKey(),
  ]; // prettier-ignore

  it.each([false, true])('holds in sorts, forwards and backwards (index: %s)', async (indexed) => {
    if (indexed) await items().createIndex({ v: 1 });
    const shuffled = values
      .map((v, _id) => ({ _id, v }))
      .sort((a, b) => ((a._id * 7919) % 101) - ((b._id * 7919) % 101));
    await items().insertMany(shuffled);
    const order = values.map((_, i) => i).filter((i) => i !== 22);
    const sorted = async (direction: 1 | -1) =>
      (await items().find({ _id: { $ne: 22 } }).sort({ v: direction }).toArray()).map((d) => d._id); // prettier-ignore
    expect(await sorted(1)).toEqual(order);
    expect(await sorted(-1)).toEqual([...order].reverse());
  });

  it('compares numbers across int, long, double and decimal', async () => {
    await items().insertMany([
      { _id: 1, v: new Int32(3) },
      { _id: 2, v: Long.fromNumber(3) },
      { _id: 3, v: new Double(3) },
      { _id: 4, v: Decimal128.fromString('3.0') },
      { _id: 5, v: Decimal128.fromString('3.000000000000000000000000000000001') },
      { _id: 6, v: Long.fromString('9007199254740993') },
    ]);
    for (const indexed of [false, true]) {
      if (indexed) await items().createIndex({ v: 1 });
      expect(await ids({ v: 3 })).toEqual([1, 2, 3, 4]);
      expect(await ids({ v: { $gt: Decimal128.fromString('3') } })).toEqual([5, 6]);
      expect(await ids({ v: new Double(9007199254740992) })).toEqual([]);
      expect(await ids({ v: { $gt: new Double(9007199254740992) } })).toEqual([6]);
    }
    await items().dropIndexes();
    await items().deleteMany({ _id: { $gt: 4 } });
    await expect(items().createIndex({ v: 1 }, { unique: true })).rejects.toMatchObject({ code: 11000 });
  });
});

describe('errors', () => {
  it('say which statement, which index and which values', async () => {
    await items().createIndex({ a: 1, 'b.c': -1 }, { unique: true });
    await items().insertOne({ _id: 1, a: 'x', b: { c: 2 } });
    const reply = await engine.db.command({
      insert: 'items',
      ordered: false,
      documents: [{ _id: 2 }, { _id: 1 }, { _id: 3, a: 'x', b: { c: 2 } }, { _id: 4, a: 1 }],
    });
    expect(reply).toMatchObject({ n: 2, ok: 1 });
    expect(reply['writeErrors']).toMatchObject([
      { index: 1, code: 11000, keyPattern: { _id: 1 }, keyValue: { _id: 1 } },
      { index: 2, code: 11000, keyPattern: { a: 1, 'b.c': -1 }, keyValue: { a: 'x', 'b.c': 2 } },
    ]);
  });

  const refused: [string, Document, number][] = [
    ['$inc of a string', { $inc: { s: 1 } }, 14],
    ['$push to what is no array', { $push: { s: 1 } }, 2],
    ['a path through a scalar', { $set: { 's.x': 1 } }, 28],
    ['an empty path', { $set: { 'a..b': 1 } }, 56],
    ['two changes of one path', { $set: { a: 1 }, $unset: { a: 1 } }, 40],
    ['a change of _id', { $set: { _id: 9 } }, 66],
    ['a $rename onto itself', { $rename: { s: 's' } }, 2],
    ['a $bit of a string', { $bit: { s: { or: 1 } } }, 2],
    ['a $pullAll without an array', { $pullAll: { l: 1 } }, 2],
    ['a long that overflows', { $inc: { l64: Long.fromNumber(1) } }, 2],
    ['a $pop of neither end', { $pop: { l: 5 } }, 9],
  ];
  it.each(refused)('refuse %s', async (_, update, code) => {
    const before = { _id: 1, s: 'x', l: [1], l64: Long.MAX_VALUE };
    await items().insertOne(before);
    const error = await items().updateOne({ _id: 1 }, update).catch((e: unknown) => e); // prettier-ignore
    expect(error).toBeInstanceOf(MongoServerError);
    expect((error as MongoServerError).code).toBe(code);
    expect(await items().findOne({ _id: 1 }, { promoteLongs: false })).toEqual(before);
  });
});

describe('random queries and updates', () => {
  it('find what a second, naive definition finds, with indexes and without', async () => {
    const docs = Array.from({ length: 120 }, (_, _id) => ({ _id, ...randomItem() }));
    await items().insertMany(docs);
    for (let i = 0; i < 600; i++) {
      if (i === 300) await items().createIndexes([{ key: { a: 1, b: 1 } }, { key: { 'o.x': -1 } }, { key: { l: 1 } }, { key: { 'm.k': 1, a: -1 } }]); // prettier-ignore
      const filter = randomFilter();
      const expected = docs.filter((doc) => naiveMatch(doc, filter)).map((d) => d._id);
      expect({ filter, ids: (await ids(filter)).sort((a, b) => a - b) }).toEqual({ filter, ids: expected });
    }
  });

  it('change what a second, naive definition changes', async () => {
    await items().createIndexes([{ key: { a: 1 } }, { key: { l: 1 } }]);
    for (let i = 0; i < 500; i++) {
      const before: Item = { _id: i, ...randomItem() };
      const update = randomUpdate();
      await items().insertOne(before);
      const failed = await items().updateOne({ _id: i }, update).then(() => false, () => true); // prettier-ignore
      const expected = naiveUpdate(before, update);
      const after = await items().findOne({ _id: i });
      expect({ before, update, failed, after }).toEqual({
        before,
        update,
        failed: expected === undefined,
        after: expected ?? before,
      });
      for (const a of [1, 2]) if (after!['a'] === a) expect(await ids({ a, _id: i })).toEqual([i]);
    }
  });
});

describe('$lookup', () => {
  it('joins by the equality of queries', async () => {
    await engine.db.collection<Document & { _id: string }>('foreign').insertMany([
      { _id: 'missing' }, { _id: 'null', y: null }, { _id: 'int', y: 1 }, { _id: 'long', y: Long.fromNumber(1) },
      { _id: 'decimal', y: Decimal128.fromString('1.0') }, { _id: 'items', y: [1, 9] }, { _id: 'array', y: [1, 2] },
      { _id: 'turned', y: { b: 2, a: 1 } }, { _id: 'document', y: { a: 1, b: 2 } }, { _id: 'text', y: '1' },
    ]); // prettier-ignore
    const cases: [unknown, string[]][] = [
      [undefined, ['missing', 'null']],
      [null, ['missing', 'null']],
      [1, ['int', 'long', 'decimal', 'items', 'array']],
      [
        [9, '1'],
        ['items', 'text'],
      ],
      [[[1, 2]], ['array']],
      [{ a: 1, b: 2 }, ['document']],
      [[], []],
    ];
    await items().insertMany(cases.map(([x], _id) => (x === undefined ? { _id } : { _id, x })));
    const lookup = { from: 'foreign', localField: 'x', foreignField: 'y', as: 'found' };
    const found = await items().aggregate([{ $lookup: lookup }]).toArray(); // prettier-ignore
    const names = ({ found: joined }: Document) => (joined as { _id: string }[]).map(({ _id }) => _id);
    expect(found.map(names)).toEqual(cases.map(([, expected]) => expected));
    const narrowed = {
      ...lookup,
      let: { mine: '$_id' },
      pipeline: [{ $match: { _id: /^[dt]/ } }, { $project: { of: '$$mine' } }],
    };
    expect(await items().aggregate([{ $match: { _id: 2 } }, { $lookup: narrowed }]).toArray()).toEqual([{ _id: 2, x: 1, found: [{ _id: 'decimal', of: 2 }] }]); // prettier-ignore
  });
});
