import { Binary, Decimal128, Long, MongoServerError } from 'mongodb';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestEngine } from './engine.fixture.ts';
import { startTestEngine } from './engine.fixture.ts';

let engine: TestEngine;
beforeAll(async () => void (engine = await startTestEngine()));
afterAll(() => engine.stop());
beforeEach(() => engine.db.dropDatabase());

const admin = (command: Document) => engine.client.db('admin').command(command);
const db = (command: Document) => engine.db.command(command);

async function refusal(run: Promise<unknown>): Promise<unknown> {
  const error = await run.catch((e: unknown) => e);
  expect(error).toBeInstanceOf(MongoServerError);
  const { code, codeName } = error as MongoServerError;
  return [code, codeName];
}

describe('the collection management specification', () => {
  it('creates, lists and drops', async () => {
    await engine.db.createCollection('c', { changeStreamPreAndPostImages: { enabled: true } });
    const [shown] = await engine.db.listCollections({ name: 'c' }).toArray();
    expect(shown).toMatchObject({
      name: 'c',
      type: 'collection',
      options: { changeStreamPreAndPostImages: { enabled: true } },
      info: { readOnly: false, uuid: expect.any(Binary) as Binary },
      idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
    });
    expect(await db({ collMod: 'c', changeStreamPreAndPostImages: { enabled: false } })).toMatchObject({ ok: 1 });
    expect((await engine.db.listCollections({ name: 'c' }).toArray())[0]).toMatchObject({ options: {} });
    expect(await engine.db.listCollections({}, { nameOnly: true, authorizedCollections: true }).toArray()).toEqual([
      { name: 'c', type: 'collection' },
    ]);
    expect(await db({ drop: 'c' })).toMatchObject({ nIndexesWas: 1, ns: 'test.c', ok: 1 });
    expect(await db({ drop: 'c' })).toEqual({ ok: 1 });
  });

  it('changes indexes', async () => {
    await engine.db.collection('c').createIndex({ at: 1 });
    const index = { keyPattern: { at: 1 } };
    expect(await db({ collMod: 'c', index: { ...index, expireAfterSeconds: 50 } })).toMatchObject({
      expireAfterSeconds_new: 50,
    });
    expect(await db({ collMod: 'c', index: { ...index, hidden: true } })).toMatchObject({
      hidden_old: false,
      hidden_new: true,
    });
    expect(await engine.db.collection('c').indexes()).toContainEqual({
      v: 2,
      key: { at: 1 },
      name: 'at_1',
      expireAfterSeconds: 50,
      hidden: true,
    });
    const plan = await engine.db.collection('c').find({ at: 1 }).explain('queryPlanner');
    expect(JSON.stringify(plan)).toContain('COLLSCAN');
    expect(await refusal(db({ collMod: 'c', index: { ...index, prepareUnique: true } }))).toEqual([238, 'NotImplemented']); // prettier-ignore
    expect(await refusal(db({ collMod: 'c', index: { name: 'none', hidden: true } }))).toEqual([27, 'IndexNotFound']);
    expect(await refusal(db({ collMod: 'none' }))).toEqual([26, 'NamespaceNotFound']);
  });

  it('renames', async () => {
    await engine.db.collection('a').createIndex({ x: 1 }, { unique: true });
    await engine.db.collection('a').insertMany([{ x: 1 }, { x: 2 }]);
    await engine.db.collection('b').insertOne({ y: 1 });
    expect(await refusal(engine.db.renameCollection('a', 'b'))).toEqual([48, 'NamespaceExists']);
    await engine.db.renameCollection('a', 'b', { dropTarget: true });
    expect(await engine.db.collection('b').countDocuments()).toBe(2);
    await expect(engine.db.collection('b').insertOne({ x: 2 })).rejects.toMatchObject({ code: 11000 });
    expect(await refusal(engine.db.renameCollection('a', 'c'))).toEqual([26, 'NamespaceNotFound']);
    expect(await refusal(admin({ renameCollection: 'test.b', to: 'test.b' }))).toEqual([20, 'IllegalOperation']);
  });

  it.each([
    { capped: true, size: 1000 },
    { timeseries: { timeField: 't' } },
    { viewOn: 'x', pipeline: [] },
    { validator: { a: 1 } },
    { clusteredIndex: { key: { _id: 1 }, unique: true } },
    { collation: { locale: 'de' } },
    { expireAfterSeconds: 5 },
  ])('refuses %j', async (options) => {
    expect(await refusal(db({ create: 'x', ...options }))).toEqual([238, 'NotImplemented']);
    expect(await engine.db.listCollections().toArray()).toEqual([]);
  });
});

it.each([{ validator: { a: 1 } }, { validationLevel: 'off' }, { viewOn: 'x' }, { timeseries: {} }, { cappedSize: 1 }])(
  'collMod refuses %j',
  async (options) => {
    await engine.db.createCollection('c');
    expect(await refusal(db({ collMod: 'c', ...options }))).toEqual([238, 'NotImplemented']);
  },
);

describe('what Compass asks when it connects', () => {
  it('is answered', async () => {
    await engine.db.collection('c').insertMany([{ a: 1 }, { a: 2 }, { a: 3 }]);
    const { authInfo } = (await admin({ connectionStatus: 1, showPrivileges: true })) as { authInfo: object };
    expect(authInfo).toEqual({ authenticatedUsers: [], authenticatedUserRoles: [], authenticatedUserPrivileges: [] });
    expect(await admin({ getParameter: 1, featureCompatibilityVersion: 1 })).toMatchObject({
      featureCompatibilityVersion: { version: '7.0' },
    });
    expect(await refusal(admin({ getParameter: 1, nonsense: 1 }))).toEqual([72, 'InvalidOptions']);
    expect(await refusal(admin({ atlasVersion: 1 }))).toEqual([59, 'CommandNotFound']);
    expect(await refusal(db({ getParameter: '*' }))).toEqual([13, 'Unauthorized']);
    expect(await admin({ buildInfo: 1 })).toMatchObject({ version: expect.stringMatching(/^7/) as string });
    expect(await admin({ getCmdLineOpts: 1 })).toMatchObject({ parsed: {} });
    expect(await admin({ hostInfo: 1 })).toMatchObject({ system: { cpuAddrSize: 64 } });
    expect(await admin({ top: 1 })).toMatchObject({ totals: {} });
    expect(await db({ dbStats: 1, freeStorage: 1, scale: 1024 })).toMatchObject({
      objects: 3,
      freeStorageSize: 0,
      scaleFactor: 1024,
    });
    const c = engine.db.collection('c');
    expect(await c.aggregate([{ $collStats: { storageStats: {} } }]).toArray()).toMatchObject([
      { ns: 'test.c', storageStats: { count: 3, nindexes: 1 } },
    ]);
    await c.findOne({ _id: { $exists: true } }, { hint: '_id_' });
    expect(await c.aggregate([{ $indexStats: {} }]).toArray()).toMatchObject([{ name: '_id_', accesses: { ops: 1 } }]);
    expect(await c.aggregate([{ $sample: { size: 2 } }]).toArray()).toHaveLength(2);
    expect(await engine.db.aggregate([{ $listLocalSessions: {} }]).toArray()).toMatchObject([
      {
        _id: { id: expect.any(Binary) as Binary, uid: expect.any(Binary) as Binary },
        lastUse: expect.any(Date) as Date,
      },
    ]);
    expect(await engine.client.db('admin').aggregate([{ $currentOp: {} }]).toArray()).toEqual([]); // prettier-ignore
  });

  it('is refused where it is asked in the wrong place', async () => {
    expect(await refusal(engine.db.aggregate([{ $match: {} }]).toArray())).toEqual([73, 'InvalidNamespace']);
    expect(await refusal(engine.db.aggregate([{ $collStats: {} }]).toArray())).toEqual([73, 'InvalidNamespace']);
    const c = engine.db.collection('c');
    expect(await refusal(c.aggregate([{ $match: {} }, { $indexStats: {} }]).toArray())).toEqual([40602, 'Location40602']); // prettier-ignore
    expect(await refusal(c.aggregate([{ $collStats: { count: {} } }]).toArray())).toEqual([26, 'NamespaceNotFound']);
  });
});

describe('options', () => {
  const unknown: [string, Document][] = [
    'find', 'insert', 'update', 'delete', 'findAndModify', 'count', 'distinct', 'aggregate', 'getMore', 'killCursors', 'create', 'collMod',
    'drop', 'dropDatabase', 'listCollections', 'listIndexes', 'createIndexes', 'dropIndexes', 'collStats', 'dbStats', 'validate', 'explain',
  ].map((name) => [name, { [name]: 'c', frob: 1 }]); // prettier-ignore

  it.each(unknown)('%s refuses one it does not know', async (_, command) => {
    expect(await refusal(db(command))).toEqual([40415, 'Location40415']);
  });

  it.each([
    ['an update', { update: 'c', updates: [{ q: {}, u: { $set: { a: 1 } }, frob: 1 }] }],
    ['a delete', { delete: 'c', deletes: [{ q: {}, limit: 0, frob: 1 }] }],
  ])('%s refuses one in a statement', async (_, command) => {
    expect(await refusal(db(command))).toEqual([40415, 'Location40415']);
  });

  it('that only a replica set or the stable API could honour are refused', async () => {
    expect(await refusal(db({ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a' }], commitQuorum: 1 }))).toEqual([2, 'BadValue']); // prettier-ignore
    expect(await refusal(db({ dbStats: 1, apiVersion: '1', apiStrict: true }))).toEqual([323, 'APIStrictError']);
    expect(await refusal(db({ ping: 1, apiVersion: '2' }))).toEqual([322, 'APIVersionError']);
    expect(await refusal(db({ find: 'c', hint: 5 }))).toEqual([9, 'FailedToParse']);
    expect(await refusal(admin({ profile: 2 }))).toEqual([238, 'NotImplemented']);
    expect(await refusal(admin({ replSetGetStatus: 1 }))).toEqual([76, 'NoReplicationEnabled']);
  });
});

describe('names and numbers that JavaScript has not', () => {
  const c = () => engine.db.collection<Document & { _id: number }>('c');
  /** The names of a stored document in their order, which the driver's objects would change. */
  async function names(of: object = {}): Promise<string[]> {
    const [raw] = await c().find(of, { raw: true }).toArray();
    const { _id, ...read } = namesOf(raw as unknown as Buffer);
    return [...Object.keys(_id === undefined ? {} : { _id }), ...Object.keys(read)].map((name) => name.slice(1));
  }
  /** Each name of a BSON document with an underscore before it, so that an object keeps them as they are. */
  function namesOf(raw: Buffer): Document {
    const renamed = Buffer.from(raw);
    const out: Document = {};
    for (const [start, end] of namesIn(renamed)) out['_' + renamed.toString('utf8', start, end)] = true;
    return out;
  }
  /** Where the names of a document of int32 fields stand. */
  function* namesIn(raw: Buffer): Generator<[number, number]> {
    let at = 4;
    while (raw[at] !== 0) {
      const end = raw.indexOf(0, at + 1);
      yield [at + 1, end];
      at = end + 1 + 4;
    }
  }

  it('keeps the place of names that look like numbers', async () => {
    await c().insertOne(new Map<string, unknown>([['_id', 1], ['b', 1], ['10', 2], ['2', 3], ['a', 4]]) as never); // prettier-ignore
    expect(await names()).toEqual(['_id', 'b', '10', '2', 'a']);
    await c().updateOne({ _id: 1 }, { $inc: { '2': 10, b: 1 }, $set: { '0': 7 } });
    expect(await names()).toEqual(['_id', 'b', '10', '2', 'a', '0']);
    expect(await c().findOne({ '2': 13 })).toMatchObject({ b: 2, '2': 13, '0': 7 });
    expect(await c().findOne({ _id: 1 }, { projection: { '2': 1 } })).toEqual({ _id: 1, '2': 13 });
    await c().updateOne({ _id: 1 }, { $rename: { '2': '5' }, $unset: { '10': 1 } });
    expect(await names()).toEqual(['_id', 'b', 'a', '0', '5']);
    await c().createIndex({ '5': 1 }, { unique: true });
    await expect(c().insertOne({ _id: 2, '5': 13 })).rejects.toMatchObject({ code: 11000, keyValue: { '5': 13 } });
    expect(JSON.stringify(await c().find({ '5': 13 }).explain())).toContain('"indexName":"5_1"');
    await c().updateOne({ _id: 3, '7': 1 }, { $set: { x: 1 } }, { upsert: true });
    expect(await names({ '7': 1 })).toEqual(['_id', '7', 'x']);
    expect(await c().aggregate([{ $match: { _id: 3 } }, { $project: { seven: '$7' } }, { $match: { seven: 1 } }]).toArray()).toEqual([{ _id: 3, seven: 1 }]); // prettier-ignore
  });

  it('compares embedded documents by their order too', async () => {
    const document = (...fields: [string, number][]): never => ({ _id: fields.join(), d: new Map(fields) }) as never;
    await c().insertMany([document(['2', 1], ['1', 1]), document(['1', 1], ['2', 1])]);
    expect((await c().find({ d: new Map([['2', 1], ['1', 1]]) }).toArray()).map((d) => d._id)).toEqual(['2,1,1,1']); // prettier-ignore
  });

  it('adds and multiplies decimals exactly', async () => {
    const cases: [unknown, Document, string][] = [
      [Decimal128.fromString('1.10'), { $inc: { v: Decimal128.fromString('2.205') } }, '3.305'],
      [1, { $inc: { v: Decimal128.fromString('0.1') } }, '1.1'],
      [Decimal128.fromString('1'), { $inc: { v: 0.1 } }, '1.100000000000000'],
      [Long.fromString('9007199254740993'), { $mul: { v: Decimal128.fromString('3') } }, '27021597764222979'],
      [Decimal128.fromString('1E+6000'), { $mul: { v: Decimal128.fromString('1E+6000') } }, 'Infinity'],
      [Decimal128.fromString('9999999999999999999999999999999999'), { $inc: { v: 1 } }, '1.000000000000000000000000000000000E+34'],
      [Decimal128.fromString('1234567890123456789012345678901234'), { $inc: { v: Decimal128.fromString('0.5') } }, '1234567890123456789012345678901234'],
      [Decimal128.fromString('NaN'), { $inc: { v: 1 } }, 'NaN'],
    ]; // prettier-ignore
    for (const [v, update, expected] of cases) {
      await c().replaceOne({ _id: 1 }, { v }, { upsert: true });
      await c().updateOne({ _id: 1 }, update);
      expect(String((await c().findOne({ _id: 1 }))!['v'])).toBe(expected);
    }
  });

  it('projects the item that matched', async () => {
    await c().insertMany([
      { _id: 1, l: [{ k: 1 }, { k: 2 }, { k: 2, second: true }], o: { l: [1, 5, 9] } },
      { _id: 2 },
    ]);
    const one = (filter: Document, projection: Document) => c().findOne(filter, { projection });
    expect(await one({ 'l.k': 2 }, { 'l.$': 1 })).toEqual({ _id: 1, l: [{ k: 2 }] });
    expect(await one({ 'o.l': { $gt: 3 } }, { 'o.l.$': 1, _id: 0 })).toEqual({ o: { l: [5] } });
    expect(await one({ l: { $elemMatch: { k: 2, second: true } } }, { 'l.$': 1, _id: 0 })).toEqual({ l: [{ k: 2, second: true }] }); // prettier-ignore
    expect(await refusal(one({ _id: 1 }, { 'l.$': 1 }))).toEqual([51246, 'Location51246']);
    expect(await refusal(one({ 'l.k': 2 }, { 'l.$': 1, 'o.l.$': 1 }))).toEqual([31276, 'Location31276']);
    expect(await refusal(one({ 'l.k': 2 }, { 'l.$': 0 }))).toEqual([31395, 'Location31395']);
    expect(await refusal(one({ 'l.k': 2 }, { 'l.$.k': 1 }))).toEqual([31394, 'Location31394']);
  });
});
