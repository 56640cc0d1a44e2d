import type { Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestEngine } from './engine.fixture.ts';
import { startTestEngine } from './engine.fixture.ts';

type Item = { _id: string | number; [field: string]: unknown };
type Explained = {
  queryPlanner: { winningPlan: Document };
  executionStats: { nReturned: number; totalKeysExamined: number; totalDocsExamined: number };
};

let engine: TestEngine;
beforeAll(async () => void (engine = await startTestEngine()));
afterAll(() => engine.stop());
beforeEach(() => engine.db.dropDatabase());

const items = () => engine.db.collection<Item>('items');

async function explain(
  filter: Document,
  options: Document = {},
): Promise<{ plan: string; keys: number; docs: number; n: number }> {
  const { queryPlanner, executionStats } = (await items()
    .find(filter, options)
    .explain('executionStats')) as unknown as Explained;
  return {
    plan: JSON.stringify(queryPlanner.winningPlan),
    keys: executionStats.totalKeysExamined,
    docs: executionStats.totalDocsExamined,
    n: executionStats.nReturned,
  };
}

describe('the queries of Parley', () => {
  beforeEach(async () => {
    await items().createIndex({ chatId: 1, seq: 1 }, { unique: true });
    await items().createIndex({ chatId: 1, rev: 1 }, { unique: true });
    await items().createIndex({ chatId: 1, senderId: 1, clientMessageId: 1 }, { unique: true });
    await items().createIndex({ 'outbox.at': 1 }, { partialFilterExpression: { 'outbox.at': { $exists: true } } });
    await items().createIndex({ members: 1, 'last.at': -1 });
    await items().createIndex({ words: 1 });
    const messages = Array.from({ length: 400 }, (_, i) => ({
      _id: i, chatId: `c${i % 2}`, seq: i, rev: 1000 - i, senderId: 'u', clientMessageId: `m${i}`, ...(i % 100 === 0 ? { outbox: { at: new Date(i) } } : {}),
    })); // prettier-ignore
    const chats = Array.from({ length: 200 }, (_, i) => ({
      _id: `chat${i}`, chatId: `k${i}`, members: [`u${i % 10}`, `v${i % 7}`], last: { at: new Date(i) }, words: [`anna${i}`, 'bob'],
    })); // prettier-ignore
    await items().insertMany([...messages, ...chats]);
  });

  it('page through a chat in both directions', async () => {
    const backward = await explain({ chatId: 'c0', seq: { $lt: 100 } }, { sort: { seq: -1 }, limit: 10 });
    expect(backward).toMatchObject({ keys: 10, docs: 10, n: 10 });
    expect(backward.plan).toContain('"direction":"backward"');
    expect(backward.plan).not.toContain('SORT');
    const found = await items()
      .find({ chatId: 'c0', seq: { $gt: 7, $lte: 12 } })
      .sort({ seq: 1 })
      .toArray();
    expect(found.map((d) => d._id)).toEqual([8, 10, 12]);
    expect(await explain({ chatId: 'c0', seq: { $gt: 7, $lte: 12 } }, { sort: { seq: 1 } })).toMatchObject({
      keys: 3,
      docs: 3,
      n: 3,
    });
  });

  it('read the head of a chat with one key', async () => {
    expect(await explain({ chatId: 'c1' }, { sort: { rev: -1 }, limit: 1 })).toMatchObject({ keys: 1, docs: 1, n: 1 });
    expect((await items().find({ chatId: 'c1' }).sort({ rev: -1 }).limit(1).next())!._id).toBe(1);
  });

  it('find what waits in the outbox through the partial index', async () => {
    const filter = {
      'outbox.at': { $lt: new Date(250) },
      $or: [{ 'outbox.leaseUntil': { $exists: false } }, { 'outbox.leaseUntil': { $lt: new Date() } }],
    };
    expect(await explain(filter, { sort: { 'outbox.at': 1 } })).toMatchObject({ keys: 3, docs: 3, n: 3 });
    expect((await explain({ 'outbox.at': null })).plan).not.toContain('outbox.at_1"');
  });

  it('list the chats of a member, newest first', async () => {
    const mine = await explain({ members: 'u3' }, { sort: { 'last.at': -1 }, limit: 5 });
    expect(mine).toMatchObject({ keys: 5, docs: 5, n: 5 });
    expect(mine.plan).not.toContain('SORT');
    const found = await items().find({ members: 'u3' }).sort({ 'last.at': -1 }).limit(2).toArray();
    expect(found.map((d) => d._id)).toEqual(['chat193', 'chat183']);
  });

  it('search words by prefix', async () => {
    const searched = await explain({ words: /^anna19/ });
    expect(searched).toMatchObject({ keys: 11, n: 11 });
    expect((await explain({ words: { $regex: '^bob' } })).n).toBe(200);
    expect((await explain({ words: /^ANNA/i })).n).toBe(200);
  });

  it('use points, unions and counts', async () => {
    expect(await explain({ chatId: 'c0', seq: { $in: [2, 4, 5] } })).toMatchObject({ n: 2, docs: 2 });
    expect(await explain({ $or: [{ chatId: 'c0', seq: 2 }, { words: 'anna7' }] })).toMatchObject({ n: 2, docs: 2 });
    expect((await explain({ _id: 5 })).docs).toBe(1);
    expect((await explain({ senderId: 'u' })).plan).toContain('COLLSCAN');
    expect(await items().countDocuments({ chatId: 'c0', seq: { $gt: 300 } }, { limit: 7 })).toBe(7);
    expect((await explain({ senderId: 'u' }, { hint: { chatId: 1, seq: 1 } })).plan).toContain('chatId_1_seq_1');
    await expect(items().find({}).hint('nowhere').toArray()).rejects.toMatchObject({ code: 2, codeName: 'BadValue' });
  });
});

describe('any index', () => {
  it('gives what reading everything gives', async () => {
    const random = (n: number): number => Math.floor(Math.random() * n);
    const some = (): unknown =>
      [random(5), 'abc'[random(3)], null, [random(4), random(4)], { x: random(2) }, true, []][random(7)];
    const plain = engine.db.collection<Item>('plain');
    const docs = Array.from({ length: 150 }, (_, i) => ({
      _id: i,
      ...(random(5) ? { a: some() } : {}),
      ...(random(5) ? { b: random(6) } : {}),
      c: { d: random(3) },
    }));
    await plain.insertMany(docs);
    await items().insertMany(docs);
    await items().createIndexes([
      { key: { a: 1, b: -1 } },
      { key: { b: -1, a: 1 } },
      { key: { 'c.d': 1, b: 1 } },
      { key: { b: 1 }, name: 'sparse', sparse: true },
    ]);
    const conditions = (): Document[] => [
      { a: some() },
      { a: { $gt: random(4) } },
      { a: { $gte: 1, $lt: 3 } },
      { b: { $in: [random(6), null, random(6)] } },
      { b: { $lte: random(6) } },
      { 'c.d': random(3) },
      { b: { $ne: 2 } },
      { b: null },
    ];
    for (let i = 0; i < 300; i++) {
      const all = conditions();
      const filter =
        random(4) === 0 ? { $or: [all[random(8)]!, all[random(8)]!] } : { ...all[random(8)], ...all[random(8)] };
      const sort: Document = [
        { b: 1, _id: 1 },
        { b: -1, a: 1, _id: 1 },
        { a: 1, b: -1, _id: 1 },
        { 'c.d': -1, b: -1, _id: 1 },
        { a: -1, b: 1, _id: 1 },
      ][random(5)]!;
      const limit = random(3) * 10;
      const [expected, found] = await Promise.all([
        plain.find(filter).sort(sort).limit(limit).toArray(),
        items().find(filter).sort(sort).limit(limit).toArray(),
      ]);
      expect({ filter, sort, limit, ids: found.map((d) => d._id) }).toEqual({
        filter,
        sort,
        limit,
        ids: expected.map((d) => d._id),
      });
      expect(await items().countDocuments(filter)).toBe(await plain.countDocuments(filter));
    }
  });
});

describe('unique indexes', () => {
  it('refuse what is there, as MongoDB words it', async () => {
    await items().createIndex({ email: 1 }, { unique: true });
    await items().insertOne({ _id: 1, email: 'a@x' });
    await expect(items().insertOne({ _id: 2, email: 'a@x' })).rejects.toMatchObject({
      code: 11000,
      message: 'E11000 duplicate key error collection: test.items index: email_1 dup key: { email: "a@x" }',
      keyPattern: { email: 1 },
      keyValue: { email: 'a@x' },
    });
    await expect(items().insertOne({ _id: 1 })).rejects.toMatchObject({
      code: 11000,
      keyPattern: { _id: 1 },
      keyValue: { _id: 1 },
    });
    await items().insertOne({ _id: 3 });
    await expect(items().insertOne({ _id: 4 })).rejects.toMatchObject({ keyValue: { email: null } });
    await expect(items().updateOne({ _id: 3 }, { $set: { email: 'a@x' } })).rejects.toMatchObject({ code: 11000 });
    await expect(items().findOneAndUpdate({ _id: 3 }, { $set: { email: 'a@x' } })).rejects.toMatchObject({
      code: 11000,
      codeName: 'DuplicateKey',
      keyValue: { email: 'a@x' },
    });
    expect(await items().findOne({ _id: 3 })).toEqual({ _id: 3 });
  });

  it('give their keys free again', async () => {
    await items().createIndex({ a: 1 }, { unique: true });
    await items().insertOne({ _id: 1, a: [1, 2] });
    await expect(items().insertOne({ _id: 2, a: 2 })).rejects.toMatchObject({ keyValue: { a: 2 } });
    await items().updateOne({ _id: 1 }, { $set: { a: [1, 3] } });
    await items().insertOne({ _id: 2, a: 2 });
    await items().deleteOne({ _id: 1 });
    await items().insertMany([
      { _id: 3, a: 1 },
      { _id: 4, a: 3 },
    ]);
  });

  it('hold only for what a partial or sparse index covers', async () => {
    await items().createIndex({ a: 1 }, { unique: true, partialFilterExpression: { live: true } });
    await items().createIndex({ s: 1 }, { unique: true, sparse: true });
    await items().insertMany([
      { _id: 1, a: 1, live: true },
      { _id: 2, a: 1, live: false },
      { _id: 3, a: 1 },
    ]);
    await expect(items().updateOne({ _id: 2 }, { $set: { live: true } })).rejects.toMatchObject({ code: 11000 });
    await items().updateOne({ _id: 1 }, { $set: { live: false } });
    await items().updateOne({ _id: 2 }, { $set: { live: true } });
  });

  it('are not made over duplicates', async () => {
    await items().insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ]);
    await expect(items().createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({ code: 11000 });
    expect(await items().indexes()).toHaveLength(1);
  });

  it('keep very long values apart', async () => {
    await items().createIndex({ t: 1 }, { unique: true });
    const long = 'x'.repeat(5000);
    await items().insertMany([
      { _id: 1, t: long + 'a' },
      { _id: 2, t: long + 'b' },
    ]);
    await expect(items().insertOne({ _id: 3, t: long + 'b' })).rejects.toMatchObject({ code: 11000 });
    expect(
      (
        await items()
          .find({ t: long + 'b' })
          .toArray()
      ).map((d) => d._id),
    ).toEqual([2]);
  });
});

describe('index management', () => {
  it('makes, lists and drops', async () => {
    const made = await engine.db.command({ createIndexes: 'fresh', indexes: [{ key: { a: 1 }, name: 'a_1' }] });
    expect(made).toMatchObject({
      numIndexesBefore: 1,
      numIndexesAfter: 2,
      createdCollectionAutomatically: true,
      ok: 1,
    });
    const again = await engine.db.command({ createIndexes: 'fresh', indexes: [{ key: { a: 1 }, name: 'a_1' }] });
    expect(again).toMatchObject({ numIndexesBefore: 2, numIndexesAfter: 2, note: 'all indexes already exist' });
    const fresh = engine.db.collection('fresh');
    await expect(fresh.createIndex({ a: 1 }, { name: 'other' })).rejects.toMatchObject({
      code: 85,
      codeName: 'IndexOptionsConflict',
    });
    await expect(fresh.createIndex({ b: 1 }, { name: 'a_1' })).rejects.toMatchObject({
      code: 86,
      codeName: 'IndexKeySpecsConflict',
    });
    expect(await fresh.indexes()).toEqual([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { a: 1 }, name: 'a_1' },
    ]);
    await fresh.dropIndex('a_1');
    await expect(fresh.dropIndex('a_1')).rejects.toMatchObject({ code: 27, codeName: 'IndexNotFound' });
    await expect(engine.db.collection('none').indexes()).rejects.toMatchObject({
      code: 26,
      codeName: 'NamespaceNotFound',
    });
    await expect(fresh.createIndex({ a: 'text' })).rejects.toMatchObject({ code: 67 });
  });

  it('refuses two arrays in one key', async () => {
    await items().createIndex({ a: 1, b: 1 });
    await expect(items().insertOne({ _id: 1, a: [1], b: [2] })).rejects.toMatchObject({ code: 171 });
    expect(await items().countDocuments()).toBe(0);
  });

  it('lets documents expire', async () => {
    await items().createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    await items().insertMany([
      { _id: 'old', at: new Date(Date.now() - 61_000) },
      { _id: 'new', at: new Date() },
      { _id: 'none' },
      { _id: 'text', at: 'x' },
    ]);
    expect(await engine.expire()).toBe(1);
    expect((await items().find().toArray()).map((d) => d._id)).toEqual(['new', 'none', 'text']);
  });
});
