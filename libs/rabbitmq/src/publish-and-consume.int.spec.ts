import { ANALYTICS_QUEUE, DEAD_LETTER_QUEUE, gatewayQueue } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consume } from './consume.ts';
import { consumeGatewayQueue } from './consume-gateway-queue.ts';
import { createPublisher } from './create-publisher.ts';
import { splitDelivery } from './parse-event.ts';
import { blockedEvent, createTestRabbit, type TestRabbit } from './test-rabbit.fixture.ts';
import type { Publisher } from './types.ts';

const BLOCKS = [{ exchange: 'user.events', keys: ['user.blocked'] }] as const;
let test: TestRabbit;
let publisher: Publisher;

beforeAll(async () => {
  test = await createTestRabbit();
  publisher = createPublisher(test.rabbit, { exchange: 'user.events', timeoutMs: 2_000 });
  await eventually(() => publisher.publish(blockedEvent()));
});
afterAll(() => test.dispose());

/** Waits for exactly these dead letters, and takes them away. */
async function expectDeadLetters(ids: string[]): Promise<void> {
  const found: string[] = [];
  await eventually(async () => {
    for (let letter = await test.channel.get(DEAD_LETTER_QUEUE, { noAck: true }); letter; ) {
      found.push(String(letter.properties.messageId));
      letter = await test.channel.get(DEAD_LETTER_QUEUE, { noAck: true });
    }
    expect(found.sort()).toEqual(ids);
  });
}

describe('publish', () => {
  it('reaches every consumer once, and the queue of analytics also when nobody consumes', async () => {
    const seen: string[] = [];
    const consumer = consume(test.rabbit, {
      queue: 'spec.reach',
      bindings: BLOCKS,
      handle: async (event, meta) => void seen.push(`${event.id} ${meta.messageId} ${meta.redelivered}`),
    });
    await consumer.ready();
    const event = blockedEvent();
    await publisher.publish(event);
    await eventually(() => expect(seen).toEqual([`${event.id} ${event.id} false`]));
    await consumer.close();
    expect((await test.channel.checkQueue(ANALYTICS_QUEUE)).messageCount).toBeGreaterThan(0);
  });

  it('puts events that come close together into few messages, and tells of each', async () => {
    await test.channel.assertQueue('spec.tap');
    await test.channel.bindQueue('spec.tap', 'user.events', 'user.blocked');
    const events = Array.from({ length: 120 }, () => blockedEvent());
    await Promise.all(events.map((event) => publisher.publish(event)));
    const ids: string[] = [];
    const told: string[] = [];
    for (let message = await test.channel.get('spec.tap', { noAck: true }); message; ) {
      ids.push(String(message.properties.messageId));
      told.push(...splitDelivery(message).map(({ id }) => id));
      message = await test.channel.get('spec.tap', { noAck: true });
    }
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(3);
    expect(told).toEqual(events.map(({ id }) => id));
    await test.channel.deleteQueue('spec.tap');
  });

  it('keeps the order of one publisher', async () => {
    const seen: string[] = [];
    const consumer = consume(test.rabbit, {
      queue: 'spec.order',
      bindings: BLOCKS,
      handle: async (event) => void seen.push(event.id),
    });
    await consumer.ready();
    const events = Array.from({ length: 200 }, () => blockedEvent());
    await Promise.all(events.map((event) => publisher.publish(event)));
    await eventually(() => expect(seen).toEqual(events.map(({ id }) => id)));
    await consumer.close();
  });

  it('rejects an event that no queue is bound for, though the broker confirms it', async () => {
    await test.channel.unbindQueue(ANALYTICS_QUEUE, 'user.events', 'user.blocked');
    await test.channel.deleteQueue('spec.reach');
    await test.channel.deleteQueue('spec.order');
    const same = blockedEvent();
    const results = await Promise.allSettled([publisher.publish(same), publisher.publish(same)]);
    for (const result of results)
      expect(result).toMatchObject({ status: 'rejected', reason: { reason: 'unroutable' } });
    await test.channel.bindQueue(ANALYTICS_QUEUE, 'user.events', 'user.blocked');
    await publisher.publish(same);
  });

  it('rejects in time while the broker is stalled, at once while it is away, and works again afterwards', async () => {
    test.proxy.pause();
    await expect(publisher.publish(blockedEvent())).rejects.toMatchObject({ reason: 'timeout' });

    const inFlight = publisher.publish(blockedEvent());
    await new Promise((resolve) => setTimeout(resolve, 50));
    const cutAt = performance.now();
    test.proxy.cut();
    await expect(inFlight).rejects.toMatchObject({ reason: 'refused' });
    await expect(publisher.publish(blockedEvent())).rejects.toMatchObject({ reason: 'unavailable' });
    expect(performance.now() - cutAt).toBeLessThan(1_900);
    expect(test.rabbit.isUp()).toBe(false);

    test.proxy.resume();
    test.proxy.restore();
    await eventually(() => publisher.publish(blockedEvent()), { timeoutMs: 20_000 });
    expect(test.rabbit.isUp()).toBe(true);
  });
});

describe('consume', () => {
  it('FAULT 20: dead-letters a poison event after five tries while the others flow, and what is no event at once', async () => {
    const poison = blockedEvent('poison');
    const tries: string[] = [];
    const done: string[] = [];
    const consumer = consume(test.rabbit, {
      queue: 'spec.poison',
      bindings: BLOCKS,
      retryDelayMs: 20,
      handle: async (event) => {
        if (event.id === 'poison') {
          tries.push(event.id);
          throw new Error('cannot be handled');
        }
        done.push(event.id);
      },
    });
    await consumer.ready();
    const others = Array.from({ length: 20 }, () => blockedEvent());
    await Promise.all([poison, ...others].map((event) => publisher.publish(event)));
    test.channel.publish('user.events', 'user.blocked', Buffer.from('{"type": "user.blocked"'), {
      messageId: 'garbage',
    });

    await expectDeadLetters(['garbage', 'poison']);
    expect(tries).toHaveLength(5);
    expect(done).toEqual(others.map(({ id }) => id));
    await consumer.close();
  });

  it('takes a batch as the events that are in it: one that fails is tried and dead-lettered alone', async () => {
    const runs = new Map<string, number>();
    const consumer = consume(test.rabbit, {
      queue: 'spec.batch',
      bindings: BLOCKS,
      retryDelayMs: 20,
      handle: async ({ id }, meta) => {
        expect(meta.messageId).toBe(id);
        runs.set(id, (runs.get(id) ?? 0) + 1);
        if (id === 'poison in a batch') throw new Error('cannot be handled');
      },
    });
    await consumer.ready();
    const events = [blockedEvent('first'), blockedEvent('poison in a batch'), blockedEvent('last')];
    const payload = [...events.map(({ id, at, payload }) => ({ id, at, payload })), { id: 'garbage in a batch' }];
    const batch = { id: 'batch:1', type: 'user.blocked', version: 2, at: events[0]?.at, payload };
    test.channel.publish('user.events', 'user.blocked', Buffer.from(JSON.stringify(batch)), { messageId: batch.id });

    await expectDeadLetters(['garbage in a batch', 'poison in a batch']);
    // Once with its batch, then four times alone.
    expect(Object.fromEntries(runs)).toEqual({ first: 1, 'poison in a batch': 5, last: 1 });
    await consumer.close();
  });

  it('registers again after a lost connection and after its queue was deleted', async () => {
    const seen: string[] = [];
    const consumer = consume(test.rabbit, {
      queue: 'spec.again',
      bindings: BLOCKS,
      handle: async (event) => void seen.push(event.id),
    });
    await consumer.ready();
    test.proxy.cut();
    test.proxy.restore();
    const first = blockedEvent();
    await eventually(() => publisher.publish(first));
    await eventually(() => expect(seen).toContain(first.id));

    await test.channel.deleteQueue('spec.again');
    await eventually(async () => {
      const event = blockedEvent();
      await publisher.publish(event);
      await eventually(() => expect(seen).toContain(event.id), { timeoutMs: 200 });
    });
    await consumer.close();
  });

  it('finishes what it has begun before it closes', async () => {
    const steps: string[] = [];
    const consumer = consume(test.rabbit, {
      queue: 'spec.finish',
      bindings: BLOCKS,
      handle: async () => {
        steps.push('begun');
        await new Promise((resolve) => setTimeout(resolve, 200));
        steps.push('done');
      },
    });
    await consumer.ready();
    await publisher.publish(blockedEvent());
    await eventually(() => expect(steps).toContain('begun'));
    await consumer.close();
    expect(steps).toEqual(['begun', 'done']);
    expect((await test.channel.checkQueue('spec.finish')).messageCount).toBe(0);
  });
});

describe('consumeGatewayQueue', () => {
  it('gets its own copy, drops what it cannot push, and keeps what comes while its connection is cut', async () => {
    const seen: string[] = [];
    const consumer = consumeGatewayQueue(test.rabbit, {
      bootId: 'boot-1',
      bindings: BLOCKS,
      handle: async (event) => {
        seen.push(event.id);
        if (event.id === 'bad') throw new Error('no such socket');
      },
    });
    await consumer.ready();
    await publisher.publish(blockedEvent('bad'));
    await publisher.publish(blockedEvent('good'));
    await eventually(() => expect(seen).toEqual(['bad', 'good']));

    test.proxy.cut();
    test.channel.publish('user.events', 'user.blocked', Buffer.from(JSON.stringify(blockedEvent('while away'))));
    // The acknowledgement of the last one may have been cut off too: then it comes again.
    const waiting = async () => (await test.channel.checkQueue(gatewayQueue('boot-1'))).messageCount;
    await eventually(async () => expect(await waiting()).toBeGreaterThanOrEqual(1));
    expect(seen).not.toContain('while away');
    test.proxy.restore();
    await eventually(() => expect(seen.at(-1)).toBe('while away'));
    await consumer.close();
  });
});
