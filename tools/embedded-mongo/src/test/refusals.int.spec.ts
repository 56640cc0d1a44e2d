import type { Document, MongoServerError } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestEngine } from './engine.fixture.ts';
import { startTestEngine } from './engine.fixture.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
  await engine.db.collection('c').insertMany([{ a: 1 }, { a: 2 }]);
});
afterAll(() => engine.stop());

const refusal = (command: Document, db = engine.db): Promise<[unknown, unknown]> =>
  db.command(command).then(
    (reply) => ['answered', reply],
    ({ code, codeName }: MongoServerError) => [code, codeName],
  );
const index = (key: Document, more: Document = {}): Document => ({
  createIndexes: 'c',
  indexes: [{ key, name: 'i', ...more }],
});
const update = (more: Document): Document => ({ update: 'c', updates: [{ q: {}, u: { $set: { a: 3 } }, ...more }] });
const pipeline = (...stages: Document[]): Document => ({ aggregate: 'c', pipeline: stages, cursor: {} });

describe('what the README says is refused', () => {
  it.each<[string, Document, number, string]>([
    ['$where', { find: 'c', filter: { $where: 'this.a === 1' } }, 2, 'BadValue'],
    ['$text', { find: 'c', filter: { $text: { $search: 'a' } } }, 2, 'BadValue'],
    ['$jsonSchema', { find: 'c', filter: { $jsonSchema: {} } }, 2, 'BadValue'],
    ['$near', { find: 'c', filter: { a: { $near: [0, 0] } } }, 2, 'BadValue'],
    ['$geoWithin', { find: 'c', filter: { a: { $geoWithin: { $box: [] } } } }, 2, 'BadValue'],
    ['an unknown operator', { find: 'c', filter: { a: { $frob: 1 } } }, 2, 'BadValue'],
    ['tailable', { find: 'c', tailable: true }, 2, 'BadValue'],
    ['min', { find: 'c', min: { a: 1 }, hint: { a: 1 } }, 238, 'NotImplemented'],
    ['max', { find: 'c', max: { a: 1 }, hint: { a: 1 } }, 238, 'NotImplemented'],
    ['returnKey', { find: 'c', returnKey: true }, 238, 'NotImplemented'],
    ['showRecordId', { find: 'c', showRecordId: true }, 238, 'NotImplemented'],
    ['a collation of find', { find: 'c', collation: { locale: 'de' } }, 238, 'NotImplemented'],
    ['a collation of aggregate', { ...pipeline(), collation: { locale: 'de' } }, 238, 'NotImplemented'],
    ['a collation of count', { count: 'c', collation: { locale: 'de' } }, 238, 'NotImplemented'],
    ['a collation of distinct', { distinct: 'c', key: 'a', collation: { locale: 'de' } }, 238, 'NotImplemented'],
    ['a hint of no index', { find: 'c', hint: 'nope' }, 2, 'BadValue'],
    ['explain of another command', { explain: { insert: 'c', documents: [{}] } }, 59, 'CommandNotFound'],
    ['$meta', { find: 'c', projection: { s: { $meta: 'textScore' } } }, 238, 'NotImplemented'],
    ['a positional projection without a match', { find: 'c', projection: { 'a.$': 1 } }, 51246, 'Location51246'],
    ['constants', update({ u: [{ $set: { a: '$$x' } }], c: { x: 1 } }), 238, 'NotImplemented'],
    ['sort of an update', update({ sort: { a: 1 } }), 40415, 'Location40415'],
    ['an unknown update operator', update({ u: { $frob: { a: 1 } } }), 9, 'FailedToParse'],
    ['$changeStream', pipeline({ $changeStream: {} }), 40573, 'Location40573'],
    ['$function', pipeline({ $project: { x: { $function: { body: 'x', args: [], lang: 'js' } } } }), 2, 'BadValue'],
    ['$accumulator', pipeline({ $group: { _id: 1, x: { $accumulator: { init: 'x' } } } }), 2, 'BadValue'],
    ['an unknown stage', pipeline({ $frob: {} }), 40324, 'Location40324'],
    ['$out that is not last', pipeline({ $out: 'd' }, { $match: {} }), 40601, 'Location40601'],
    ['$out within', pipeline({ $facet: { x: [{ $out: 'd' }] } }), 51047, 'Location51047'],
    ['$collStats that is not first', pipeline({ $match: {} }, { $collStats: {} }), 40602, 'Location40602'],
    ['a text index', index({ a: 'text' }), 67, 'CannotCreateIndex'],
    ['a 2d index', index({ a: '2d' }), 67, 'CannotCreateIndex'],
    ['a 2dsphere index', index({ a: '2dsphere' }), 67, 'CannotCreateIndex'],
    ['a hashed index', index({ a: 'hashed' }), 67, 'CannotCreateIndex'],
    ['a wildcard index', index({ '$**': 1 }), 67, 'CannotCreateIndex'],
    ['a wildcard below a path', index({ 'a.$**': 1 }), 67, 'CannotCreateIndex'],
    ['an index with a collation', index({ a: 1 }, { collation: { locale: 'de' } }), 238, 'NotImplemented'],
    ['commitQuorum', { ...index({ a: 1 }), commitQuorum: 1 }, 2, 'BadValue'],
    ['a capped collection', { create: 'd', capped: true, size: 1000 }, 238, 'NotImplemented'],
    ['a view', { create: 'd', viewOn: 'c', pipeline: [] }, 238, 'NotImplemented'],
    ['a validator', { create: 'd', validator: { a: 1 } }, 238, 'NotImplemented'],
    ['a time series', { create: 'd', timeseries: { timeField: 't' } }, 238, 'NotImplemented'],
    ['a clustered index', { create: 'd', clusteredIndex: { key: { _id: 1 }, unique: true } }, 238, 'NotImplemented'],
    ['a collation of create', { create: 'd', collation: { locale: 'de' } }, 238, 'NotImplemented'],
    [
      'collMod of an index option',
      { collMod: 'c', index: { name: '_id_', prepareUnique: true } },
      238,
      'NotImplemented',
    ],
    ['read concern snapshot', { find: 'c', readConcern: { level: 'snapshot' } }, 123, 'NotAReplicaSet'],
    ['read concern linearizable', { find: 'c', readConcern: { level: 'linearizable' } }, 123, 'NotAReplicaSet'],
    ['a transaction number', { ...update({}), txnNumber: 1 }, 20, 'IllegalOperation'],
    ['a command of admin elsewhere', { getParameter: '*' }, 13, 'Unauthorized'],
    ['a statement with an unknown field', update({ frob: 1 }), 40415, 'Location40415'],
  ])('%s', async (_, command, code, codeName) => {
    const [given, name] = await refusal(command).then(async ([found, about]) =>
      // Errors of single statements come within an answer.
      found === 'answered' ? [(about as Document)['writeErrors']?.[0]?.code, codeName] : [found, about],
    );
    expect([given, name]).toEqual([code, codeName]);
  });

  it('a parameter that it has not', async () => {
    const command = { getParameter: 1, nonsense: 1 };
    expect(await refusal(command, engine.client.db('admin'))).toEqual([72, 'InvalidOptions']);
  });

  it('authentication', async () => {
    const [code] = await refusal({ saslStart: 1, mechanism: 'SCRAM-SHA-256', payload: '' }, engine.client.db('admin'));
    expect(code).toBe(59);
  });

  it('compression: none is agreed on', async () => {
    expect(await engine.db.command({ hello: 1, compression: ['zlib'] })).not.toHaveProperty('compression');
  });
});

describe('fields that it does not know', () => {
  // In mongod these parse no fields of their own.
  it.each(['hello', 'isMaster', 'ping', 'buildInfo', 'whatsmyuri', 'hostInfo', 'serverStatus'])(
    '%s takes them',
    async (name) => {
      expect(await engine.client.db('admin').command({ [name]: 1, frob: 1 })).toMatchObject({ ok: 1 });
    },
  );
});

describe('maxTimeMS', () => {
  const many = () => engine.db.collection<{ _id: number; v: number }>('many');
  const slow = { v: { $gte: 0 }, $expr: { $gte: ['$v', 0] } };
  beforeAll(() => many().insertMany(Array.from({ length: 20_000 }, (_, _id) => ({ _id, v: 1 }))));

  it.each<[string, Document]>([
    ['find', { find: 'many', filter: { v: 2 } }],
    ['find with a sort', { find: 'many', sort: { v: 1 } }],
    ['count', { count: 'many', query: slow }],
    ['distinct', { distinct: 'many', key: 'v' }],
    ['aggregate', pipelineOf([{ $match: slow }, { $group: { _id: '$v' } }])],
    ['aggregate with $out', pipelineOf([{ $match: slow }, { $out: 'copy' }])],
    ['update', { update: 'many', updates: [{ q: slow, u: { $set: { v: 5 } }, multi: true }] }],
    ['delete', { delete: 'many', deletes: [{ q: slow, limit: 0 }], ordered: false }],
    ['findAndModify', { findAndModify: 'many', query: { v: 2 }, update: { $set: { v: 5 } } }],
    ['createIndexes', { createIndexes: 'many', indexes: [{ key: { v: 1 }, name: 'v' }] }],
    ['explain', { explain: { find: 'many', filter: { v: 2 } }, verbosity: 'executionStats' }],
  ])('ends %s, which changes nothing', async (_, command) => {
    expect(await refusal({ ...command, maxTimeMS: 1 })).toEqual([50, 'MaxTimeMSExpired']);
    expect(await many().countDocuments({ v: 1 })).toBe(20_000);
    expect(await many().indexes()).toHaveLength(1);
    expect(await engine.db.listCollections({ name: 'copy' }).toArray()).toEqual([]);
  });

  it('ends what is read of a cursor, and the cursor', async () => {
    const { cursor } = await engine.db.command({ find: 'many', filter: slow, batchSize: 1, maxTimeMS: 4 });
    const more = { getMore: cursor.id, collection: 'many' };
    expect(await refusal(more)).toEqual([50, 'MaxTimeMSExpired']);
    expect(await refusal(more)).toEqual([43, 'CursorNotFound']);
  });

  it('lets be what is done in time', async () => {
    expect(await many().find({ v: 2 }).maxTimeMS(60_000).toArray()).toEqual([]);
    expect(await many().find({ v: 2 }).maxTimeMS(0).toArray()).toEqual([]);
    expect(await refusal({ find: 'many', maxTimeMS: -1 })).toEqual([2, 'BadValue']);
    expect(await refusal({ find: 'many', maxTimeMS: 'x' })).toEqual([2, 'BadValue']);
  });
});

function pipelineOf(stages: Document[]): Document {
  return { aggregate: 'many', pipeline: stages, cursor: {} };
}
