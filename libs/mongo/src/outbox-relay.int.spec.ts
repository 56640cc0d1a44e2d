import { createMetrics, type Metrics } from '@parley/service-kit';
import { eventually } from '@parley/testing';
import type { Collection } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mongoThroughProxy, silent, type MongoUnderTest } from './mongo.fixture.spec.ts';
import { outboxIndex, type OutboxState } from './outbox-document.ts';
import { createOutboxRelay, type OutboxRelay } from './outbox-relay.ts';

type Thing = { _id: string; rev: number; outbox?: OutboxState };

describe('createOutboxRelay', () => {
  let test: MongoUnderTest;
  let things: Collection<Thing>;
  let metrics: Metrics;
  let relays: OutboxRelay<Thing>[];
  let told: string[];
  let isBrokerUp: boolean;

  beforeEach(async () => {
    test = await mongoThroughProxy();
    things = test.mongo.db.collection<Thing>('things');
    await things.createIndexes([outboxIndex()]);
    metrics = createMetrics({ service: 'test' });
    relays = [];
    told = [];
    isBrokerUp = true;
  });
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    await test.end();
  });

  const relay = (o: Partial<Parameters<typeof createOutboxRelay<Thing>>[0]> = {}): OutboxRelay<Thing> => {
    const made = createOutboxRelay<Thing>({
      collection: things,
      deliver: async ({ _id, rev }) => {
        await new Promise(setImmediate);
        if (!isBrokerUp) throw new Error('the broker is away');
        told.push(`${_id}@${rev}`);
      },
      clear: ({ rev }) => ({ rev }),
      logger: silent,
      metrics,
      sweepEveryMs: 100,
      ...o,
    });
    relays.push(made);
    return made;
  };
  const insert = async (id: string, ageMs = 0, leaseMs?: number): Promise<Thing> => {
    const at = new Date(Date.now() - ageMs);
    const lease = leaseMs === undefined ? {} : { leaseUntil: new Date(Date.now() + leaseMs) };
    const thing: Thing = { _id: id, rev: 1, outbox: { at, ...lease } };
    await things.insertOne({ ...thing });
    return thing;
  };
  const untilPending = (count: number, timeoutMs = 15_000): Promise<void> =>
    eventually(async () => expect(await relays[0]?.pending()).toBe(count), { timeoutMs });

  it('delivers a nudged document at once and clears its entry', async () => {
    relay().nudge(await insert('a'));
    await untilPending(0);
    expect(told).toEqual(['a@1']);
    expect(await things.findOne({ _id: 'a' })).toEqual({ _id: 'a', rev: 1 });
    expect(await metrics.registry.getSingleMetricAsString('outbox_delivered_total')).toContain('} 1');
  });

  it('claims nothing where nothing can be delivered, so that others may', async () => {
    await insert('a', 3_000);
    let attempts = 0;
    const away = { deliver: async () => void (attempts += 1), isAway: () => !isBrokerUp };
    isBrokerUp = false;
    const cutOff = relay(away);
    cutOff.start();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(attempts).toBe(0);
    expect((await things.findOne({ _id: 'a' }))?.outbox?.leaseUntil).toBeUndefined();
    isBrokerUp = true;
    await untilPending(0);
    expect(attempts).toBe(1);
  });

  it('sweeps what a dead instance left, once old enough, and leaves what is fresh or leased', async () => {
    await insert('left', 6_000);
    await insert('fresh');
    await insert('leased', 6_000, 60_000);
    await insert('lease ended', 30_000, -1);
    relay({ olderThanMs: 5_000, leaseMs: 60_000 }).start();
    await untilPending(2, 4_000);
    expect(told.sort()).toEqual(['lease ended@1', 'left@1']);
    await eventually(() => expect(told).toContain('fresh@1'));
    expect(told).not.toContain('leased@1');
  });

  it('keeps the entry of a later change while an earlier one is cleared', async () => {
    const first = await insert('a');
    const made = relay();
    await things.updateOne({ _id: 'a' }, { $set: { rev: 2, outbox: { at: new Date(Date.now() - 1_000) } } });
    made.nudge(first);
    await eventually(() => expect(told).toEqual(['a@1']));
    expect(await made.pending()).toBe(1);
    made.start();
    await untilPending(0);
    expect(told).toEqual(['a@1', 'a@2']);
  });

  it('unsets entries that were written together by their token, and leaves that of a later change', async () => {
    const docs = ['a', 'b', 'c'].map(
      (id): Thing => ({ _id: id, rev: 1, outbox: { at: new Date(), token: 'together' } }),
    );
    await things.insertMany(docs.map((doc) => ({ ...doc })));
    await things.updateOne({ _id: 'b' }, { $set: { rev: 2, outbox: { at: new Date() } } });
    const made = relay();
    for (const doc of docs) made.nudge(doc);
    await untilPending(1);
    expect(told.sort()).toEqual(['a@1', 'b@1', 'c@1']);
    expect(await things.findOne({ outbox: { $exists: true } })).toMatchObject({ _id: 'b', rev: 2 });
  });

  it('shares the work of two instances: each entry is delivered once', async () => {
    await things.insertMany(
      Array.from({ length: 400 }, (_, n) => ({
        _id: `m${n}`,
        rev: 1,
        outbox: { at: new Date(Date.now() - 5_000 + n) },
      })),
    );
    relay().start();
    relay().start();
    await untilPending(0);
    expect(told).toHaveLength(400);
    expect(new Set(told).size).toBe(400);
  });

  it('keeps everything while the broker is away, without hammering, and drains when it returns', async () => {
    isBrokerUp = false;
    let attempts = 0;
    const deliver = async ({ _id, rev }: Thing): Promise<void> => {
      attempts += 1;
      if (!isBrokerUp) throw new Error('the broker is away');
      told.push(`${_id}@${rev}`);
    };
    const made = relay({ deliver });
    made.start();
    await things.insertMany(
      Array.from({ length: 2_000 }, (_, n) => ({ _id: `m${n}`, rev: 1, outbox: { at: new Date(Date.now() - 5_000) } })),
    );
    for (let n = 0; n < 200; n += 1) made.nudge(await insert(`n${n}`));
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(told).toEqual([]);
    expect(attempts).toBeLessThan(150);
    expect(await made.pending()).toBe(2_200);

    isBrokerUp = true;
    await untilPending(0);
    expect(new Set(told).size).toBe(2_200);
    expect(told).toHaveLength(2_200);
  });

  it('does not let an entry that always fails hold up the others', async () => {
    const made = relay({
      deliver: async ({ _id }) => {
        if (_id.startsWith('poison')) throw new Error('refused');
        told.push(_id);
      },
    });
    for (let n = 0; n < 20; n += 1) await insert(`poison${n}`, 60_000);
    made.start();
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const id of ['good', 'better', 'best']) {
      await insert(id, 3_000);
      await eventually(() => expect(told).toContain(id), { timeoutMs: 15_000 });
    }
    expect(await made.pending()).toBe(20);
    const metric = async (name: string): Promise<number> =>
      Number((await metrics.registry.getSingleMetricAsString(name)).split('} ').at(-1));
    await eventually(async () => expect(await metric('outbox_oldest_seconds')).toBeGreaterThanOrEqual(60));
    expect(await metric('outbox_pending')).toBeGreaterThanOrEqual(20);
  });

  it('is not held up by a clock that was set back', async () => {
    await insert('from the future', -3_600_000);
    await insert('leased by the future', 3_000, 3_600_000);
    relay().start();
    await untilPending(0);
    expect(told).toHaveLength(2);
  });

  it('delivers after MongoDB was away', async () => {
    const made = relay();
    made.start();
    await insert('a', 3_000);
    test.proxy.cut();
    await new Promise((resolve) => setTimeout(resolve, 500));
    test.proxy.restore();
    await untilPending(0);
    expect(new Set(told)).toEqual(new Set(['a@1']));
  });

  it('ends what it is delivering before it stops', async () => {
    const made = relay({
      deliver: async ({ _id }) => {
        await new Promise((resolve) => setTimeout(resolve, 200));
        told.push(_id);
      },
    });
    made.nudge(await insert('a'));
    await made.stop();
    expect(told).toEqual(['a']);
    expect(await made.pending()).toBe(0);
  });
});
