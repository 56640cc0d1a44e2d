import { MongoServerError } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Case, Item } from './crud-spec.fixture.ts';
import { BULK, FIND_AND, NAMES, READS, WRITES } from './crud-spec.fixture.ts';
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
])('the CRUD specification: %s', (_, cases) => {
  it.each(cases.map((c): [string, Case] => [c.name, c]))(
    '%s',
    async (_name, { before = [], run, result, error, after }) => {
      const collection = engine.db.collection<Item>('spec');
      await collection.drop();
      await engine.db.createCollection('spec');
      if (before.length > 0) await collection.insertMany([...before]);
      const outcome = await run(collection).catch((e: unknown) => e);
      if (error !== undefined) expect(outcome).toMatchObject({ code: error });
      else expect(outcome).not.toBeInstanceOf(Error);
      if (typeof result === 'object' && result !== null && !Array.isArray(result))
        expect(outcome).toMatchObject(result);
      else if (result !== undefined) expect(outcome).toEqual(result);
      expect(await collection.find().toArray()).toEqual(after ?? before);
    },
  );
});

describe('$out and $merge of the CRUD specification', () => {
  const source = () => engine.db.collection<Item>('source');
  const target = () => engine.db.collection<Item>('target');
  const held = () => target().find().sort({ _id: 1 }).toArray();
  const fill = async (from: readonly Item[], to: readonly Item[]): Promise<void> => {
    await engine.db.dropDatabase();
    await source().insertMany([...from]);
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

  it('stand last, and not within another stage', async () => {
    const failing = (pipeline: object[]) => source().aggregate(pipeline).toArray();
    await expect(failing([{ $out: 'a' }, { $match: {} }])).rejects.toMatchObject({ code: 40601 });
    await expect(failing([{ $facet: { a: [{ $merge: 'b' }] } }])).rejects.toMatchObject({ code: 51047 });
  });
});
