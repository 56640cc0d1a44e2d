import { MongoClient, type Collection } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditQueries, wasteful, type QueryAudit } from './audit-queries.ts';
import { createTestEngines, type TestEngines } from './create-test-engines.ts';

type Item = { _id: number; n: number; group: number };

let engines: TestEngines;
let audit: QueryAudit;
let client: MongoClient;
let items: Collection<Item>;
beforeAll(async () => {
  engines = await createTestEngines({ mongo: true });
  audit = await auditQueries({ uri: engines.mongoUri, database: engines.database });
  client = await new MongoClient(audit.uri).connect();
  items = client.db(engines.database).collection<Item>('items');
  await items.createIndex({ n: 1 });
  await items.insertMany(Array.from({ length: 100 }, (_, i) => ({ _id: i, n: i, group: i % 10 })));
});
afterAll(async () => {
  await client.close();
  await audit.close();
  await engines.dispose();
});

/** What a query turned out to read, and whether that is too much. */
async function judged(run: () => Promise<unknown>) {
  audit.take();
  await run();
  const queries = audit.take();
  return { queries, isWasteful: wasteful(queries).length > 0 };
}

it('knows what a query of each kind reads and matches', async () => {
  const runs: [() => Promise<unknown>, number, boolean][] = [
    [() => items.find({ n: { $gte: 90 } }).toArray(), 10, false],
    [() => items.find({ n: { $gte: 0 }, group: 3 }).toArray(), 10, true],
    [() => items.findOne({ _id: 1000 }), 0, false],
    [() => items.find({ _id: { $in: [1, 2, 1000, 2000, 3000] } }).toArray(), 2, false],
    [() => items.find({ group: 3 }).toArray(), 10, true],
    [() => items.countDocuments({ n: { $lt: 20 } }), 20, false],
    [() => items.countDocuments({ n: { $lt: 20 }, group: 1 }), 2, true],
    [() => items.distinct('group', { n: { $in: [1, 11] } }), 2, false],
    [() => items.updateOne({ n: 5 }, { $set: { group: 50 } }), 1, false],
    [() => items.updateMany({ group: 50 }, { $set: { group: 5 } }), 1, true],
    [() => items.findOneAndUpdate({ n: 6 }, { $set: { group: 6 } }), 1, false],
    [() => items.deleteMany({ n: { $gt: 97 } }), 2, false],
    [() => items.findOneAndDelete({ group: 4 }, { sort: { group: 1 } }), 1, true],
  ];
  for (const [run, matched, isWasteful] of runs) {
    const { queries, ...judgement } = await judged(run);
    expect({ run: String(run), matched: queries.map((q) => q.matched), ...judgement }).toEqual({
      run: String(run),
      matched: [matched],
      isWasteful,
    });
  }
});

it('judges each statement of a bulk write, and leaves the data as it is', async () => {
  const { queries } = await judged(() =>
    items.bulkWrite([
      { updateOne: { filter: { _id: 1 }, update: { $inc: { group: 100 } } } },
      { updateOne: { filter: { group: 2 }, update: { $set: { group: 2 } } } },
    ]),
  );
  expect(wasteful(queries).map((q) => q.plan)).toEqual([expect.stringContaining('COLLSCAN')]);
  expect(queries).toHaveLength(2);
  expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, n: 1, group: 101 });
});

it('allows for what a query leaves out by name, and no more', async () => {
  const named = Array.from({ length: 9 }, (_, n) => n);
  const run = (n: { $nin: number[]; $lt: number }) => judged(() => items.find({ n }).toArray());
  expect((await run({ $nin: named, $lt: 10 })).isWasteful).toBe(false);
  expect((await judged(() => items.find({ n: { $lt: 20 }, group: { $nin: [1, 2, 3, 4, 5, 6, 7, 8, 9] } }).toArray())).isWasteful).toBe(true); // prettier-ignore
});

it('waits for a query, with all that come before it', async () => {
  audit.take();
  const awaited = audit.takeUntil(({ command }) => 'delete' in command);
  await items.findOne({ _id: 1 });
  await items.deleteOne({ _id: 1_000 });
  expect((await awaited).map(({ command }) => Object.keys(command)[0])).toEqual(['find', 'delete']);
});

it('loses no query however often it is asked', async () => {
  audit.take();
  let seen = 0;
  const asking = setInterval(() => (seen += audit.take().length));
  for (let n = 0; n < 100; n += 1) await items.findOne({ _id: n });
  clearInterval(asking);
  expect(seen + audit.take().length).toBe(100);
});

it('sees only its own database', async () => {
  const { queries } = await judged(() =>
    client.db(`${engines.database}_other`).collection('x').find({ a: 1 }).toArray(),
  );
  expect(queries).toEqual([]);
});
