import { createHealth } from '@parley/service-kit';
import { eventually } from '@parley/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { connectMongo } from './connect-mongo.ts';
import { DURABLE } from './durable.ts';
import { isDuplicateKey, isMongoAway } from './mongo-errors.ts';
import { mongoThroughProxy, silent, untilUp, type MongoUnderTest } from './mongo.fixture.spec.ts';

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('connectMongo', () => {
  let test: MongoUnderTest | undefined;
  afterEach(() => test?.end());

  it('returns while MongoDB is away, fails fast as away, then connects and prepares the database', async () => {
    test = await mongoThroughProxy({ cut: true });
    const { mongo, proxy } = test;
    let prepared = 0;
    mongo.onUp(async () => {
      prepared += 1;
      if (prepared === 1) throw new Error('the first attempt fails');
      await mongo.db.collection('things').createIndex({ name: 1 }, { unique: true });
    });
    const startedAt = performance.now();
    expect(isMongoAway(await failure(mongo.db.collection('things').findOne({})))).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(3_500);
    expect(mongo.isUp()).toBe(false);

    proxy.restore();
    await mongo.ready();
    await eventually(() => expect(prepared).toBe(2));
    await untilUp(mongo);
    await mongo.db.collection('things').insertOne({ name: 'a' }, { writeConcern: DURABLE });
  });

  it('notices that MongoDB went away and that it came back', async () => {
    test = await mongoThroughProxy();
    const { mongo, proxy } = test;
    await untilUp(mongo);
    proxy.cut();
    await untilUp(mongo, false);
    expect(isMongoAway(await failure(mongo.db.collection('things').insertOne({ name: 'lost' })))).toBe(true);
    proxy.restore();
    await untilUp(mongo);
    expect(await mongo.db.collection('things').countDocuments({})).toBe(0);
  });

  it('settles every operation when MongoDB ends, also those that begin just then', async () => {
    test = await mongoThroughProxy();
    const { mongo, proxy } = test;
    const things = mongo.db.collection('things');
    for (let round = 0; round < 10; round += 1) {
      await untilUp(mongo);
      // The connections wait in the pool while they end; an operation that takes one of them in the very turn in which it does used to hang.
      await Promise.all(Array.from({ length: 20 }, () => failure(things.findOne({}))));
      const begun: Promise<unknown>[] = [];
      proxy.hangUp();
      for (let turn = 0; turn < 100; turn += 1) {
        begun.push(failure(things.insertOne({ round, turn })));
        await new Promise(setImmediate);
      }
      for (const error of await Promise.all(begun)) expect(error === undefined || isMongoAway(error)).toBe(true);
    }
  });

  it('settles a write that MongoDB does not take', async () => {
    test = await mongoThroughProxy();
    const { mongo, proxy } = test;
    await mongo.db.collection('things').findOne({});
    proxy.pause();
    const large = { text: 'x'.repeat(15_000_000) };
    expect(isMongoAway(await failure(mongo.db.collection('things').insertOne(large)))).toBe(true);
    proxy.resume();
  });

  it('tells a duplicate key of one and of many writes, and which index it is', async () => {
    test = await mongoThroughProxy();
    const things = test.mongo.db.collection('things');
    await things.createIndex({ chatId: 1, seq: 1 }, { unique: true });
    await things.insertOne({ chatId: 'c', seq: 1 });
    const one = await failure(things.insertOne({ chatId: 'c', seq: 1 }));
    expect(isDuplicateKey(one) && one.keyPattern).toEqual({ chatId: 1, seq: 1 });
    const many = await failure(
      things.insertMany(
        [
          { chatId: 'c', seq: 2 },
          { chatId: 'c', seq: 1 },
        ],
        { ordered: false },
      ),
    );
    expect(isDuplicateKey(many) && many.keyPattern).toEqual({ chatId: 1, seq: 1 });
  });

  it('says in readiness whether it is up, and closes while MongoDB is away', async () => {
    const health = createHealth();
    const mongo = connectMongo({
      uri: 'mongodb://127.0.0.1:1',
      database: 'none',
      logger: silent,
      appName: 'test',
      health,
    });
    expect(await health.ready()).toEqual({ ok: false, checks: { mongodb: false } });
    const ready = failure(mongo.ready());
    await mongo.close();
    expect(await ready).toBeInstanceOf(Error);
  });
});
