import { MongoClient, MongoNetworkError, MongoServerError } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Case, Item } from './crud-spec.fixture.ts';
import { BULK } from './crud-spec-bulk.fixture.ts';
import { ID_TYPES, WRITE_OPTIONS } from './crud-spec-options.fixture.ts';
import { FIND_AND, NAMES, READS, WRITES, elevens } from './crud-spec.fixture.ts';
import type { TestEngine } from './engine.fixture.ts';
import { startTestEngine } from './engine.fixture.ts';

let engine: TestEngine;
beforeAll(async () => void (engine = await startTestEngine()));
afterAll(() => engine.stop());

/** The facts of the drivers' unified CRUD specification (source/crud), as far as a standalone server is concerned. */
describe.each([
  ['read', READS],
  ['write', WRITES],
  ['find and modify', FIND_AND],
  ['field names', NAMES],
  ['bulk write', BULK],
  ['options', WRITE_OPTIONS],
  ['types of _id', ID_TYPES],
])('the CRUD specification: %s', (_, cases) => {
  it.each(cases.map((c): [string, Case] => [c.name, c]))(
    '%s',
    async (_name, { before = [], run, result, error, after }) => {
      const collection = engine.db.collection<Item>('spec');
      await collection.drop();
      await engine.db.createCollection('spec');
      if (before.length > 0) await collection.insertMany([...before]);
      const outcome = await run(collection).catch((e: unknown) => e);
      if (error !== undefined) expect(outcome).toMatchObject(typeof error === 'number' ? { code: error } : error);
      else expect(outcome).not.toBeInstanceOf(Error);
      if (typeof result === 'object' && result !== null && !Array.isArray(result))
        expect(outcome).toMatchObject(result);
      else if (result !== undefined) expect(outcome).toEqual(result);
      // What is not acknowledged comes a moment later.
      if (after !== 'anything') await expect.poll(() => collection.find().toArray()).toEqual(after ?? before);
    },
  );
});

it('an update by an empty pipeline, which drivers may refuse, changes nothing', async () => {
  const collection = engine.db.collection<Item>('spec');
  await collection.drop();
  await collection.insertMany(elevens(2));
  const update = { update: 'spec', updates: [{ q: {}, u: [], multi: true }] };
  expect(await engine.db.command(update)).toMatchObject({ n: 2, nModified: 0, ok: 1 });
  const found = await engine.db.command({ findAndModify: 'spec', query: { _id: 1 }, update: [] });
  expect(found).toMatchObject({ value: { _id: 1, x: 11 }, lastErrorObject: { n: 1, updatedExisting: true } });
  expect(await collection.find().toArray()).toEqual(elevens(2));
});

describe('$out and $merge of the CRUD specification', () => {
  const source = () => engine.db.collection<Item>('source');
  const target = () => engine.db.collection<Item>('target');
  const held = () => target().find().sort({ _id: 1 }).toArray();
  const fill = async (from: readonly Item[], to: readonly Item[]): Promise<void> => {
    await engine.db.dropDatabase();
    if (from.length > 0) await source().insertMany([...from]);
    if (to.length > 0) await target().insertMany([...to]);
  };

  it('$out puts its documents in place of a collection, whose indexes stay', async () => {
    await fill([{ _id: 1, x: 11 }, { _id: 2, x: 22 }], [{ _id: 9, x: 1 }]); // prettier-ignore
    await target().createIndex({ x: 1 }, { unique: true });
    expect(await source().aggregate([{ $match: { _id: 2 } }, { $out: 'target' }]).toArray()).toEqual([]); // prettier-ignore
    expect(await held()).toEqual([{ _id: 2, x: 22 }]);
    expect(await target().indexes()).toHaveLength(2);
    const twice = source().aggregate([{ $set: { x: 5 } }, { $out: { db: 'test', coll: 'target' } }]);
    await expect(twice.toArray()).rejects.toMatchObject({ code: 11000 });
    expect(await held()).toEqual([{ _id: 2, x: 22 }]);
    expect((await engine.db.listCollections().toArray()).map((c) => c.name).sort()).toEqual(['source', 'target']);
  });

  const merges: [string, object, Item[] | number][] = [
    ['merges fields and inserts', {}, [{ _id: 1, x: 11, old: true }, { _id: 2, x: 22 }]],
    ['replaces', { whenMatched: 'replace' }, [{ _id: 1, x: 11 }, { _id: 2, x: 22 }]],
    ['keeps what is there', { whenMatched: 'keepExisting' }, [{ _id: 1, old: true }, { _id: 2, x: 22 }]],
    ['discards what is new', { whenNotMatched: 'discard' }, [{ _id: 1, x: 11, old: true }]],
    ['runs a pipeline', { whenMatched: [{ $set: { y: { $add: ['$$new.x', '$$more'] } } }], let: { new: '$$ROOT', more: 1 } }, [{ _id: 1, old: true, y: 12 }, { _id: 2, x: 22 }]],
    ['fails where something is there', { whenMatched: 'fail' }, 11000],
    ['fails where nothing is there', { whenNotMatched: 'fail' }, 13113],
    ['needs a unique index', { on: 'x' }, 51183],
    ['knows its modes', { whenMatched: 'frob' }, 2],
  ]; // prettier-ignore

  it.each(merges)('$merge %s', async (_, options, expected) => {
    await fill([{ _id: 1, x: 11 }, { _id: 2, x: 22 }], [{ _id: 1, old: true }]); // prettier-ignore
    const outcome = await source().aggregate([{ $merge: { into: 'target', ...options } }]).toArray().catch((e: unknown) => e); // prettier-ignore
    if (typeof expected === 'number') {
      expect(outcome).toBeInstanceOf(MongoServerError);
      expect(outcome).toMatchObject({ code: expected });
    } else expect({ outcome, held: await held() }).toEqual({ outcome: [], held: expected });
  });

  it('run with every option of the specification', async () => {
    const [first, ...others] = elevens(3);
    const stages = [{ $sort: { x: 1 } }, { $match: { $expr: { $gt: ['$_id', '$$id'] } } }];
    for (const stage of [{ $out: 'target' }, { $merge: { into: 'target' } }])
      for (const options of [{}, { batchSize: 0 }, { bypassDocumentValidation: false }, { readConcern: { level: 'majority' } }] as object[]) {
        await fill(elevens(3), []);
        const run = source().aggregate([...stages, stage], { let: { id: first?._id }, readPreference: 'secondaryPreferred', ...options });
        expect(await run.toArray()).toEqual([]);
        expect(await held()).toEqual(others);
      } // prettier-ignore
  });

  it('$merge tells which key is there already', async () => {
    await fill([], [{ _id: 2, x: 1 }]);
    const pipeline = [{ $documents: [{ _id: 2, x: 1 }] }, { $merge: { into: 'target', whenMatched: 'fail' } }];
    await expect(engine.db.aggregate(pipeline).toArray()).rejects.toMatchObject({
      code: 11000,
      errorResponse: { keyPattern: { _id: 1 }, keyValue: { _id: 2 } },
    });
  });

  it.each([{}, { allowDiskUse: true }])('a database tells its sessions %j', async (options) => {
    const stages = [
      { $listLocalSessions: {} },
      { $limit: 1 },
      { $addFields: { dummy: 'a field' } },
      { $project: { _id: 0, dummy: 1 } },
    ];
    const found = await engine.client.db('admin').aggregate(stages, options).toArray();
    expect(found).toEqual([{ dummy: 'a field' }]);
  });

  it('stand last, and not within another stage', async () => {
    const failing = (pipeline: object[]) => source().aggregate(pipeline).toArray();
    await expect(failing([{ $out: 'a' }, { $match: {} }])).rejects.toMatchObject({ code: 40601 });
    await expect(failing([{ $facet: { a: [{ $merge: 'b' }] } }])).rejects.toMatchObject({ code: 51047 });
  });
});

describe('the fail points of the CRUD specification', () => {
  let failing: TestEngine;
  beforeAll(async () => void (failing = await startTestEngine({ testCommands: true })));
  afterAll(() => failing.stop());

  const items = () => failing.db.collection<Item>('items');
  const fail = (data: object, mode: unknown = { times: 1 }) =>
    failing.client.db('admin').command({ configureFailPoint: 'failCommand', mode, data });

  it.each<[string, () => Promise<unknown>]>([
    ['insert', () => items().insertOne({ _id: 1 })],
    ['insert', () => items().bulkWrite([{ insertOne: { document: { _id: 2 } } }])],
    ['update', () => items().updateOne({ _id: 1 }, { $set: { x: 1 } })],
    ['delete', () => items().deleteOne({ _id: 1 })],
    ['count', () => items().estimatedDocumentCount()],
  ])('fails %s once with a code', async (command, run) => {
    await fail({ failCommands: [command], errorCode: 8 });
    await items().findOne({});
    await expect(run()).rejects.toMatchObject({ code: 8, codeName: 'UnknownError' });
    await run();
  });

  it('ends the connection', async () => {
    await fail({ failCommands: ['count'], closeConnection: true });
    const client = await new MongoClient(failing.uri, { retryReads: false }).connect();
    const count = () => client.db('test').collection('items').estimatedDocumentCount();
    await expect(count()).rejects.toBeInstanceOf(MongoNetworkError);
    expect(await count()).toBeGreaterThan(0);
    await client.close();
  });

  it('adds an error of the write concern to what was done', async () => {
    await fail({ failCommands: ['insert'], writeConcernError: { code: 91, errmsg: 'going' }, errorLabels: ['x'] });
    const error = await items().insertOne({ _id: 9 }).catch((e: unknown) => e); // prettier-ignore
    expect(error).toMatchObject({ code: 91 });
    expect(await items().findOne({ _id: 9 })).toEqual({ _id: 9 });
  });

  it('fails until it is told not to, and only what it is told', async () => {
    await fail({ failCommands: ['insert'], errorCode: 8 }, 'alwaysOn');
    for (const _id of [10, 10]) await expect(items().insertOne({ _id })).rejects.toMatchObject({ code: 8 });
    await fail({}, 'off');
    await items().insertOne({ _id: 10 });
    await expect(fail({ failCommands: ['insert'], blockConnection: true })).rejects.toMatchObject({ code: 238 });
    await expect(fail({}, { times: 'x' })).rejects.toMatchObject({ code: 2 });
  });

  it('is no command of an engine that is not for tests', async () => {
    const command = { configureFailPoint: 'failCommand', mode: 'off' };
    await expect(engine.client.db('admin').command(command)).rejects.toMatchObject({ code: 59 });
  });
});
