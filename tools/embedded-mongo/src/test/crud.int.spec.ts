import { Decimal128, Double, Long, ObjectId } from 'mongodb';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestEngine } from './engine.fixture.ts';
import { startTestEngine } from './engine.fixture.ts';

type Item = { _id: string | number; [field: string]: unknown };

let engine: TestEngine;
beforeAll(async () => void (engine = await startTestEngine()));
afterAll(() => engine.stop());
beforeEach(() => engine.db.dropDatabase());

const items = () => engine.db.collection<Item>('items');
const ids = (docs: readonly Document[]): unknown[] => docs.map((d) => d['_id'] as unknown);

async function updated(
  before: Item,
  update: Document,
  options: Document = {},
  filter: Document = {},
): Promise<Document | null> {
  await items().deleteMany({});
  await items().insertOne(before);
  await items().updateOne({ _id: before._id, ...filter }, update, options);
  return items().findOne({ _id: before._id });
}

describe('documents', () => {
  it('come back as they were stored, in the order they were inserted', async () => {
    const doc = {
      _id: 5,
      s: 'ü€😀',
      n: 1,
      d: new Double(1),
      l: Long.fromString('9007199254740993'),
      f: 1.5,
      o: { z: 1, a: [1, [2], {}] },
      u: null,
      at: new Date(5),
      id: new ObjectId(),
      dec: Decimal128.fromString('1.10'),
    };
    await items().insertMany([doc, { _id: 1 }, { _id: 3 }]);
    const found = await items().find({}, { promoteValues: false }).toArray();
    expect(ids(found).map(Number)).toEqual([5, 1, 3]);
    expect(String(found[0]!['l'])).toBe('9007199254740993');
    expect(found[0]!['d']).toBeInstanceOf(Double);
    expect(Object.keys(found[0]!['o'] as object)).toEqual(['z', 'a']);
    expect((await items().findOne({ _id: 5 }))!['dec']).toEqual(doc.dec);
  });

  it('get an _id where they have none, and it stands first', async () => {
    const { insertedId } = await engine.db.collection('made').insertOne({ a: 1 });
    expect(insertedId).toBeInstanceOf(ObjectId);
    const reply = await engine.db.command({ insert: 'made', documents: [{ b: 1 }] });
    expect(reply).toMatchObject({ n: 1, ok: 1 });
    expect(Object.keys((await engine.db.collection('made').findOne({ b: 1 }))!)).toEqual(['_id', 'b']);
  });
});

describe('queries', () => {
  beforeEach(() =>
    items().insertMany([
      { _id: 'n1', v: 1 },
      { _id: 'n2', v: 2.5 },
      { _id: 'l', v: Long.fromNumber(3) },
      { _id: 's', v: 'x' },
      { _id: 'null', v: null },
      { _id: 'missing' },
      { _id: 'arr', v: [1, 'y', { k: 1 }] },
      { _id: 'obj', v: { k: 1, m: 2 } },
      { _id: 'empty', v: [] },
      { _id: 'date', v: new Date(1) },
    ]),
  );

  const cases: [string, Document, string[]][] = [
    ['equality, also of array items', { v: 1 }, ['n1', 'arr']],
    ['a long equals an int', { v: 3 }, ['l']],
    ['null is null or missing', { v: null }, ['null', 'missing']],
    ['ranges stay within a type', { v: { $gt: 1 } }, ['n2', 'l']],
    ['strings compare with strings', { v: { $gte: 'x' } }, ['s', 'arr']],
    [
      '$ne leaves out arrays that hold it',
      { v: { $ne: 1 } },
      ['n2', 'l', 's', 'null', 'missing', 'obj', 'empty', 'date'],
    ],
    ['$in with null', { v: { $in: [null, 'x'] } }, ['s', 'null', 'missing']],
    ['$nin', { v: { $nin: [1, 2.5, 3, null] } }, ['s', 'obj', 'empty', 'date']],
    [
      '$exists true takes null',
      { v: { $exists: true } },
      ['n1', 'n2', 'l', 's', 'null', 'arr', 'obj', 'empty', 'date'],
    ],
    ['$exists false', { v: { $exists: false } }, ['missing']],
    ['$type of items', { v: { $type: 'string' } }, ['s', 'arr']],
    ['$type array', { v: { $type: 'array' } }, ['arr', 'empty']],
    ['$type number', { v: { $type: 'number' } }, ['n1', 'n2', 'l', 'arr']],
    ['$size', { v: { $size: 0 } }, ['empty']],
    ['$all', { v: { $all: [1, 'y'] } }, ['arr']],
    ['$elemMatch of documents', { v: { $elemMatch: { k: 1 } } }, ['arr']],
    ['$elemMatch of values', { v: { $elemMatch: { $gt: 0, $lt: 2 } } }, ['arr']],
    ['dotted paths through arrays', { 'v.k': 1 }, ['arr', 'obj']],
    ['positions of arrays', { 'v.1': 'y' }, ['arr']],
    ['documents equal field by field', { v: { k: 1, m: 2 } }, ['obj']],
    ['$regex', { v: /^[xy]$/ }, ['s', 'arr']],
    ['$not', { v: { $not: { $gte: 2 } } }, ['n1', 's', 'null', 'missing', 'arr', 'obj', 'empty', 'date']],
    ['$or', { $or: [{ v: 'x' }, { v: 2.5 }] }, ['n2', 's']],
    ['$nor', { $nor: [{ v: { $exists: true } }] }, ['missing']],
    ['$mod', { v: { $mod: [2, 1] } }, ['n1', 'l', 'arr']],
    ['$expr', { $expr: { $eq: ['$v.k', 1] } }, ['obj']],
  ];

  it.each(cases)('%s', async (_, filter, expected) => {
    expect(ids(await items().find(filter).toArray()).sort()).toEqual([...expected].sort());
    // An index may change how documents are found, never which.
    await items().createIndex({ v: 1 });
    expect(ids(await items().find(filter).toArray()).sort()).toEqual([...expected].sort());
  });

  it('sorts by type, then value, arrays by their smallest or largest item', async () => {
    const expected = ['empty', 'null', 'missing', 'n1', 'arr', 'n2', 'l', 's', 'obj', 'date'];
    expect(ids(await items().find().sort({ v: 1 }).toArray())).toEqual(expected);
    await items().createIndex({ v: 1 });
    expect(ids(await items().find().sort({ v: 1 }).toArray())).toEqual(expected);
    expect(ids(await items().find({}, { limit: 2 }).sort({ v: -1 }).toArray())).toEqual(['date', 'obj']);
  });

  it('skips, limits and projects', async () => {
    await items().drop();
    await items().insertMany([1, 2, 3, 4, 5].map((n) => ({ _id: n, a: { b: n, c: n }, l: [n, n + 1, n + 2] })));
    expect(ids(await items().find().sort({ _id: -1 }).skip(1).limit(2).toArray())).toEqual([4, 3]);
    const one = async (projection: Document) => items().findOne({ _id: 2 }, { projection });
    expect(await one({ 'a.b': 1 })).toEqual({ _id: 2, a: { b: 2 } });
    expect(await one({ _id: 0, a: 0 })).toEqual({ l: [2, 3, 4] });
    expect(await one({ l: { $slice: -1 }, a: 0 })).toEqual({ _id: 2, l: [4] });
    expect(await one({ l: { $elemMatch: { $gt: 2 } } })).toEqual({ _id: 2, l: [3] });
    expect(await one({ double: { $multiply: ['$a.b', 2] } })).toEqual({ _id: 2, double: 4 });
    await expect(one({ a: 1, l: 0 })).rejects.toMatchObject({ code: 31254 });
  });

  it('counts, and gives distinct values', async () => {
    expect(await items().countDocuments({ v: { $gt: 0 } })).toBe(4);
    expect(await items().countDocuments({}, { skip: 8, limit: 5 })).toBe(2);
    expect(await items().estimatedDocumentCount()).toBe(10);
    expect(await items().distinct('v', { _id: { $in: ['n1', 'arr', 's'] } })).toEqual([1, 'x', 'y', { k: 1 }]);
  });
});

describe('updates', () => {
  it('apply every operator', async () => {
    const before = { _id: 1, n: 5, s: 'x', l: [3, 1, 2], o: { a: 1 }, gone: true };
    const update = {
      $set: { 'o.b': 2, s: 'y' },
      $inc: { n: 2, made: 1 },
      $unset: { gone: '' },
      $push: { l: { $each: [9, 0], $sort: 1, $slice: -4 } },
    };
    expect(await updated(before, update)).toEqual({
      _id: 1,
      n: 7,
      s: 'y',
      l: [1, 2, 3, 9],
      o: { a: 1, b: 2 },
      made: 1,
    });
    expect(await updated(before, { $max: { n: 9, 'marks.u.seen': 3 }, $min: { 'o.a': 0 } })).toMatchObject({
      n: 9,
      o: { a: 0 },
      marks: { u: { seen: 3 } },
    });
    expect(await updated(before, { $pull: { l: { $gte: 2 } }, $rename: { s: 't' }, $mul: { n: 3 } })).toEqual({
      _id: 1,
      n: 15,
      l: [1],
      o: { a: 1 },
      gone: true,
      t: 'x',
    });
    expect(await updated(before, { $addToSet: { l: { $each: [1, 7] } }, $bit: { n: { or: 8 } } })).toMatchObject({
      l: [3, 1, 2, 7],
      n: 13,
    });
    expect(await updated(before, { $pop: { l: 1 }, $currentDate: { at: true } })).toMatchObject({
      l: [3, 1],
      at: expect.any(Date) as Date,
    });
    expect(await updated({ _id: 1, l: [{ k: 1 }, { k: 2 }] }, { $pull: { l: { k: 1 } } })).toEqual({
      _id: 1,
      l: [{ k: 2 }],
    });
    expect(await updated(before, [{ $set: { n: { $add: ['$n', 1] } } }, { $unset: 'gone' }])).toMatchObject({
      n: 6,
      s: 'x',
    });
  });

  it('reach array items by position, match and filter', async () => {
    const before = {
      _id: 1,
      l: [
        { k: 1, v: 0 },
        { k: 2, v: 0 },
        { k: 3, v: 0 },
      ],
    };
    const values = (doc: Document | null) => (doc!['l'] as { v: number }[]).map(({ v }) => v);
    expect(values(await updated(before, { $set: { 'l.1.v': 5 } }))).toEqual([0, 5, 0]);
    expect(values(await updated(before, { $inc: { 'l.$[].v': 1 } }))).toEqual([1, 1, 1]);
    expect(values(await updated(before, { $set: { 'l.$.v': 7 } }, {}, { 'l.k': 2 }))).toEqual([0, 7, 0]);
    expect(
      values(await updated(before, { $set: { 'l.$[big].v': 9 } }, { arrayFilters: [{ 'big.k': { $gte: 2 } }] })),
    ).toEqual([0, 9, 9]);
    await expect(updated(before, { $set: { 'l.$[other].v': 9 } })).rejects.toMatchObject({ code: 2 });
  });

  it('upsert from the filter, $setOnInsert and a replacement', async () => {
    const first = await items().updateOne(
      { _id: 'a', k: 1, n: { $gt: 3 } },
      { $set: { z: 1 }, $setOnInsert: { w: 2 } },
      { upsert: true },
    );
    expect(first).toMatchObject({ upsertedId: 'a', upsertedCount: 1, matchedCount: 0 });
    expect(await items().findOne({ _id: 'a' })).toEqual({ _id: 'a', k: 1, w: 2, z: 1 });
    await items().updateOne({ _id: 'a' }, { $setOnInsert: { w: 9 } }, { upsert: true });
    expect((await items().findOne({ _id: 'a' }))!['w']).toBe(2);
    await items().replaceOne({ _id: 'b' }, { only: true }, { upsert: true });
    expect(await items().findOne({ _id: 'b' })).toEqual({ _id: 'b', only: true });
  });

  it('tell what matched and what changed', async () => {
    await items().insertMany([
      { _id: 1, v: 1 },
      { _id: 2, v: 2 },
    ]);
    expect(await items().updateMany({}, { $max: { v: 2 } })).toMatchObject({ matchedCount: 2, modifiedCount: 1 });
    expect(await items().deleteMany({ v: 2 })).toMatchObject({ deletedCount: 2 });
  });

  it('keep int, long and double apart', async () => {
    await items().insertOne({ _id: 1, i: 1, l: Long.fromNumber(1), d: new Double(1), full: 2147483647 });
    const increments: Document = { i: 1, l: 1, d: 1, full: 1 };
    await items().updateOne({ _id: 1 }, { $inc: increments });
    const types = await items()
      .aggregate([
        { $match: { i: { $type: 'int' }, l: { $type: 'long' }, d: { $type: 'double' }, full: { $type: 'long' } } },
      ])
      .toArray();
    expect(types).toHaveLength(1);
  });

  it('find and modify in one step', async () => {
    await items().insertMany([
      { _id: 1, at: 5 },
      { _id: 2, at: 3 },
    ]);
    const lease = { $or: [{ until: { $exists: false } }, { until: { $lt: 10 } }] };
    expect(
      await items().findOneAndUpdate(
        { at: { $lt: 6 }, ...lease },
        { $set: { until: 20 } },
        { sort: { at: 1 }, returnDocument: 'after' },
      ),
    ).toEqual({ _id: 2, at: 3, until: 20 });
    expect(await items().findOneAndUpdate({ at: { $lt: 6 }, ...lease }, { $set: { until: 20 } })).toEqual({
      _id: 1,
      at: 5,
    });
    expect(await items().findOneAndUpdate({ at: { $lt: 6 }, ...lease }, { $set: { until: 20 } })).toBeNull();
    expect(await items().findOneAndDelete({ _id: 1 })).toMatchObject({ until: 20 });
    expect(await items().findOneAndReplace({ _id: 9 }, { x: 1 }, { upsert: true, returnDocument: 'after' })).toEqual({
      _id: 9,
      x: 1,
    });
  });
});
