import { createMetrics } from '@parley/service-kit';
import { eventually } from '@parley/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consume } from './consume.ts';
import { createPublisher } from './create-publisher.ts';
import { openDeadLetters, type DeadLetters } from './dead-letters.ts';
import { watchDeadLetters } from './watch-dead-letters.ts';
import { blockedEvent, createTestRabbit, type TestRabbit } from './test-rabbit.fixture.ts';

const BLOCKS = [{ exchange: 'user.events', keys: ['user.blocked'] }] as const;
let test: TestRabbit;
let letters: DeadLetters;

beforeAll(async () => {
  test = await createTestRabbit();
  letters = await openDeadLetters(test.url);
});
afterAll(async () => {
  await letters.close();
  await test.dispose();
});

it('shows what is dead, puts it back where it died, and there only, or forgets it', async () => {
  const handled: string[] = [];
  let isBroken = true;
  const consumer = consume(test.rabbit, {
    queue: 'spec.dead',
    bindings: BLOCKS,
    retryDelayMs: 1,
    handle: async ({ id }) => {
      if (isBroken) throw new Error('broken');
      handled.push(id);
    },
  });
  const elsewhere: string[] = [];
  const neighbour = consume(test.rabbit, {
    queue: 'spec.neighbour',
    bindings: BLOCKS,
    handle: async ({ id }) => void elsewhere.push(id),
  });
  await Promise.all([consumer.ready(), neighbour.ready()]);
  const publisher = createPublisher(test.rabbit, { exchange: 'user.events' });
  for (const id of ['one', 'two', 'three']) await eventually(() => publisher.publish(blockedEvent(id)));

  const metrics = createMetrics({ service: 'spec' });
  const watch = watchDeadLetters(test.rabbit, { metrics, everyMs: 50 });
  await eventually(async () =>
    expect(await metrics.registry.getSingleMetricAsString('parley_dead_letters')).toContain('} 3'),
  );
  await watch.close();
  await eventually(async () => expect(await letters.list()).toHaveLength(3));
  const listed = await letters.list();
  expect(listed.map(({ id }) => id).sort()).toEqual(['one', 'three', 'two']);
  for (const letter of listed) {
    expect(letter).toMatchObject({ queue: 'spec.dead', reason: 'rejected', type: 'user.blocked' });
    expect(JSON.parse(letter.content)).toMatchObject({ id: letter.id });
    expect(Date.parse(letter.diedAt ?? '')).toBeGreaterThan(0);
  }

  isBroken = false;
  expect(await letters.replay(({ id }) => id === 'two')).toEqual(['two']);
  await eventually(() => expect(handled).toEqual(['two']));
  expect(elsewhere).toEqual(['one', 'two', 'three']);
  expect(await letters.drop(({ id }) => id === 'one')).toEqual(['one']);
  expect((await letters.list()).map(({ id }) => id)).toEqual(['three']);

  // One that cannot go back stays.
  await consumer.close();
  await test.channel.deleteQueue('spec.dead');
  expect(await letters.replay(() => true)).toEqual([]);
  expect((await letters.list()).map(({ id }) => id)).toEqual(['three']);
  await Promise.all([neighbour.close(), publisher.close()]);
});
