import { MongoBulkWriteError, MongoServerError } from 'mongodb';
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
const numbers = (n: number): Item[] =>
  Array.from({ length: n }, (_, i) => ({ _id: i, v: i % 10, text: 'x'.repeat(50) }));

describe('bulk writes', () => {
  it('stop at the first error when ordered', async () => {
    const failure = await items()
      .insertMany([{ _id: 1 }, { _id: 1 }, { _id: 2 }])
      .catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(MongoBulkWriteError);
    expect(failure).toMatchObject({ code: 11000, insertedCount: 1 });
    expect(await items().countDocuments()).toBe(1);
  });

  it('go on when unordered, and name every statement that failed', async () => {
    const failure = (await items()
      .insertMany([{ _id: 1 }, { _id: 1 }, { _id: 2 }, { _id: 2 }], { ordered: false })
      .catch((e: unknown) => e)) as MongoBulkWriteError;
    expect([failure.writeErrors].flat().map((e) => [e.index, e.code])).toEqual([[1, 11000], [3, 11000]]); // prettier-ignore
    expect(await items().countDocuments()).toBe(2);
  });

  it('mix operations', async () => {
    const result = await items().bulkWrite([
      { insertOne: { document: { _id: 1, v: 1 } } },
      { updateOne: { filter: { _id: 1 }, update: { $set: { v: 2 } } } },
      { updateOne: { filter: { _id: 5 }, update: { $set: { v: 5 } }, upsert: true } },
      { replaceOne: { filter: { _id: 5 }, replacement: { w: 1 } } },
      { deleteOne: { filter: { _id: 1 } } },
    ]);
    expect(result).toMatchObject({
      insertedCount: 1,
      matchedCount: 2,
      modifiedCount: 2,
      upsertedCount: 1,
      deletedCount: 1,
      upsertedIds: { 2: 5 },
    });
    expect(await items().find().toArray()).toEqual([{ _id: 5, w: 1 }]);
  });
});

describe('cursors', () => {
  it('give everything in batches', async () => {
    await items().insertMany(numbers(1000));
    expect(
      await items()
        .find({ v: { $lt: 9 } }, { batchSize: 7 })
        .toArray(),
    ).toHaveLength(900);
    const first = await engine.db.command({ find: 'items', batchSize: 3 });
    const { id, firstBatch } = first['cursor'] as { id: unknown; firstBatch: unknown[] };
    expect(firstBatch).toHaveLength(3);
    const next = await engine.db.command({ getMore: id, collection: 'items', batchSize: 5 });
    expect((next['cursor'] as { nextBatch: Item[] }).nextBatch.map((d) => d._id)).toEqual([3, 4, 5, 6, 7]);
    expect(await engine.db.command({ killCursors: 'items', cursors: [id] })).toMatchObject({ cursorsKilled: [id] });
    await expect(engine.db.command({ getMore: id, collection: 'items' })).rejects.toMatchObject({
      code: 43,
      codeName: 'CursorNotFound',
    });
  });

  it('begin with 101 documents and go on where they were while others write', async () => {
    await items().insertMany(numbers(300));
    const cursor = items().find();
    const seen: unknown[] = [];
    for await (const doc of cursor) {
      if (seen.length === 50) await items().deleteMany({ _id: { $gte: 200 } });
      seen.push(doc._id);
    }
    expect(seen).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it('split what is larger than a message', async () => {
    const big = 'x'.repeat(5_000_000);
    await items().insertMany([1, 2, 3, 4, 5, 6, 7].map((_id) => ({ _id, big })));
    expect((await items().find().toArray()).map((d) => (d['big'] as string).length)).toEqual(Array(7).fill(5_000_000));
  });
});

describe('aggregations', () => {
  beforeEach(() => items().insertMany(numbers(50)));

  it('group, sort, count, unwind and join', async () => {
    const grouped = await items()
      .aggregate([
        { $match: { _id: { $lt: 20 } } },
        { $group: { _id: '$v', n: { $sum: 1 }, top: { $max: '$_id' } } },
        { $sort: { _id: -1 } },
        { $limit: 2 },
      ])
      .toArray();
    expect(grouped).toEqual([{ _id: 9, n: 2, top: 19 }, { _id: 8, n: 2, top: 18 }]); // prettier-ignore
    expect(
      await items()
        .aggregate([{ $match: { v: 3 } }, { $count: 'n' }])
        .toArray(),
    ).toEqual([{ n: 5 }]);
    expect(
      await items()
        .aggregate([{ $match: { v: 77 } }, { $count: 'n' }])
        .toArray(),
    ).toEqual([]);
    const shaped = [
      { $match: { _id: 3 } },
      { $addFields: { l: ['a', 'b'] } },
      { $unwind: '$l' },
      { $project: { l: 1, twice: { $multiply: ['$v', 2] } } },
    ];
    expect(await items().aggregate(shaped).toArray()).toEqual([{ _id: 3, l: 'a', twice: 6 }, { _id: 3, l: 'b', twice: 6 }]); // prettier-ignore
    const joined = [
      { $match: { _id: 1 } },
      { $lookup: { from: 'items', localField: 'v', foreignField: 'v', as: 'same' } },
      { $project: { n: { $size: '$same' } } },
    ];
    expect(await items().aggregate(joined).toArray()).toEqual([{ _id: 1, n: 5 }]);
    const facets = [
      {
        $facet: {
          low: [{ $match: { v: { $lt: 2 } } }, { $count: 'n' }],
          first: [{ $sort: { _id: 1 } }, { $limit: 1 }, { $project: { _id: 1 } }],
        },
      },
    ];
    expect(await items().aggregate(facets).toArray()).toEqual([{ low: [{ n: 10 }], first: [{ _id: 0 }] }]);
  });

  it('refuse what one node cannot do or does not know', async () => {
    await expect(items().watch().next()).rejects.toMatchObject({ code: 40573 });
    const failing = async (stage: Document) => items().aggregate([stage]).toArray();
    await expect(failing({ $nonsense: {} })).rejects.toMatchObject({
      code: 40324,
      message: "Unrecognized pipeline stage name: '$nonsense'",
    });
    await expect(
      failing({ $group: { _id: { $function: { body: 'x', args: [], lang: 'js' } } } }),
    ).rejects.toBeInstanceOf(MongoServerError);
  });
});

describe('refusals', () => {
  const cases: [string, () => Promise<unknown>, number, string][] = [
    ['an unknown command', () => engine.db.command({ frobnicate: 1 }), 59, 'CommandNotFound'],
    ['an unknown field', () => engine.db.command({ find: 'x', frob: 1 }), 40415, 'Location40415'],
    ['an unknown query operator', () => items().find({ a: { $frob: 1 } }).toArray(), 2, 'BadValue'],
    ['an unknown top level operator', () => items().find({ $frob: 1 }).toArray(), 2, 'BadValue'],
    ['$where', () => items().find({ $where: 'true' }).toArray(), 2, 'BadValue'],
    ['an unknown update operator', () => engine.db.command({ findAndModify: 'x', query: {}, update: { $frob: { a: 1 } } }), 9, 'FailedToParse'],
    ['conflicting paths', () => engine.db.command({ findAndModify: 'x', query: {}, update: { $set: { a: 1 }, $inc: { 'a.b': 1 } } }), 40, 'ConflictingUpdateOperators'],
    ['a collation', () => items().find({}, { collation: { locale: 'de' } }).toArray(), 238, 'NotImplemented'],
    ['w: 2', () => items().insertOne({ _id: 1 }, { writeConcern: { w: 2 } }), 2, 'BadValue'],
    ['a collection that is there', async () => [await engine.db.command({ create: 'c' }), await engine.db.command({ create: 'c' })], 48, 'NamespaceExists'],
    ['a bad namespace', () => engine.db.command({ insert: 'a$b', documents: [{}] }), 73, 'InvalidNamespace'],
    ['a filter of the wrong type', () => engine.db.command({ find: 'x', filter: 5 }), 14, 'TypeMismatch'],
    ['the bulkWrite command', () => engine.client.db('admin').command({ bulkWrite: 1, ops: [], nsInfo: [] }), 59, 'CommandNotFound'],
  ]; // prettier-ignore

  it.each(cases)('%s', async (_, run, code, codeName) => {
    const error = (await run().catch((e: unknown) => e)) as MongoServerError;
    expect(error).toBeInstanceOf(MongoServerError);
    expect({ code: error.code, codeName: error.codeName ?? codeName }).toEqual({ code, codeName });
  });

  it('a change of _id', async () => {
    await items().insertOne({ _id: 1 });
    await expect(items().updateOne({ _id: 1 }, { $set: { _id: 2 } })).rejects.toMatchObject({ code: 66 });
    await expect(items().replaceOne({ _id: 1 }, { _id: 2 } as never)).rejects.toMatchObject({ code: 66 });
  });

  it('a document beyond 16 MiB', async () => {
    await items().insertOne({ _id: 1, big: 'x'.repeat(9_000_000) });
    await expect(items().updateOne({ _id: 1 }, { $set: { more: 'x'.repeat(9_000_000) } })).rejects.toMatchObject({
      code: 10334,
    });
  });

  it('transactions, as a standalone does', async () => {
    const session = engine.client.startSession();
    session.startTransaction();
    await expect(items().insertOne({ _id: 1 }, { session })).rejects.toMatchObject({
      originalError: { code: 20, codeName: 'IllegalOperation' },
    });
    await session.abortTransaction().catch((e: unknown) => expect(e).toBeInstanceOf(Error));
    await session.endSession();
    expect(await items().countDocuments()).toBe(0);
  });
});

describe('administration', () => {
  it('says hello as a standalone', async () => {
    const hello = await engine.db.command({ hello: 1 });
    expect(hello).toMatchObject({
      isWritablePrimary: true,
      maxWireVersion: 21,
      logicalSessionTimeoutMinutes: 30,
      maxBsonObjectSize: 16777216,
      ok: 1,
    });
    expect(hello['setName']).toBeUndefined();
    expect((await engine.db.admin().buildInfo())['version']).toMatch(/^7\./);
    expect(await engine.db.admin().ping()).toMatchObject({ ok: 1 });
  });

  it('lists and drops collections and databases', async () => {
    await items().insertOne({ _id: 1 });
    await engine.db.createCollection('empty');
    const shown = await engine.db.listCollections().toArray();
    expect(shown.map((c) => [c.name, c.type]).sort()).toEqual([['empty', 'collection'], ['items', 'collection']]); // prettier-ignore
    expect((await engine.db.listCollections({ name: 'empty' }, { nameOnly: true }).toArray()).length).toBe(1);
    expect((await engine.client.db().admin().listDatabases()).databases.map((d) => d.name)).toContain('test');
    expect(await engine.db.stats()).toMatchObject({ collections: 2, objects: 1, ok: 1 });
    expect(await engine.db.command({ collStats: 'items' })).toMatchObject({ count: 1, nindexes: 1 });
    expect(await items().drop()).toBe(true);
    expect(await items().findOne({})).toBeNull();
    await engine.db.dropDatabase();
    expect(await engine.db.listCollections().toArray()).toEqual([]);
  });
});
