import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLyingMongo } from './net/lying-mongo.fixture.ts';
import { runRound, type RoundOptions } from './run-round.ts';
import { programViolations, scheduleOf } from './torture.ts';
import { startTestWorld, type TestWorld } from './world/test-world.fixture.ts';

let test: TestWorld;
let isLying = false;
const brokers = ['chat-api>rabbitmq', 'chat-api-2>rabbitmq'];

beforeAll(async () => {
  const liar = createLyingMongo((texts) => isLying && texts.some((text) => / says [1-9]0?\./.test(text)));
  test = await startTestWorld((link) => (link.endsWith('>mongodb') ? liar : undefined));
}, 180_000);
afterEach(({ task }) => test.note({ task }));
afterAll(() => test.dispose(), 30_000);

async function play(o: Partial<RoundOptions>) {
  const { world, tap } = test;
  const lines: string[] = [];
  const result = await runRound({
    ...{ world, tap, seed: 1, durationMs: 4_000, pairs: 4, rate: 40, faults: [], quietWithinMs: 4_000 },
    say: (text) => lines.push(text),
    progress: () => undefined,
    ...o,
  });
  return { ...result, rules: [...new Set(result.violations.map(({ rule }) => rule))] };
}

async function withMessages<T>(use: (messages: ReturnType<typeof collection>) => Promise<T>): Promise<T> {
  const client = new MongoClient(test.world.mongoUri);
  try {
    return await use(collection(client));
  } finally {
    await client.close();
  }
}
const collection = (client: MongoClient) => client.db('parley_chat').collection('messages');

describe('the torture suite', { timeout: 180_000 }, () => {
  it('finds nothing in forty seconds of faults', async () => {
    const minutes = 40 / 60;
    const faults = scheduleOf(test.world, { seed: 7, minutes, paceMs: { from: 1_200, to: 3_200 } });
    const result = await play({ seed: 7, durationMs: minutes * 60_000, pairs: 12, faults, quietWithinMs: 60_000 });
    expect([...result.violations, ...programViolations(test.world, test.dataDir)]).toEqual([]);
    expect(result.faults).toBeGreaterThanOrEqual(10);
    expect(result.sends).toBeGreaterThan(100);
  });

  it('finds messages that were acknowledged before they were inserted', async () => {
    isLying = true;
    const { rules } = await play({}).finally(() => (isLying = false));
    expect(rules).toEqual(expect.arrayContaining(['acknowledged is stored']));
  });

  it('finds a relay that clears its entries and forgets to publish', async () => {
    const meanwhile = async (): Promise<void> => {
      for (const name of brokers) test.world.link(name).cut();
      await sleep(2_500);
      await withMessages((messages) => messages.updateMany({}, { $unset: { outbox: 1 } }));
      for (const name of brokers) test.world.link(name).restore();
    };
    const { rules } = await play({ meanwhile, quietWithinMs: 20_000 });
    expect(rules).toEqual(['everything is told']);
  });

  it('finds pushes that are dropped and never healed', async () => {
    const { entryLinks, tamperPushes } = test.world;
    const { rules } = await play({
      headsEveryMs: Infinity,
      meanwhile: async () => entryLinks.forEach((link) => tamperPushes(link, 'drop')),
    }).finally(() => entryLinks.forEach((link) => tamperPushes(link, 'pass')));
    expect(rules).toEqual(expect.arrayContaining(['devices show what a fetch shows', 'devices show the receipts']));
    expect(rules).not.toContain('acknowledged is stored');
  });

  it('finds messages that a retry inserted twice', async () => {
    await withMessages((messages) => messages.dropIndex('chatId_1_senderId_1_clientMessageId_1'));
    const { rules } = await play({ durationMs: 6_000, rate: 60 });
    expect(rules).toContain('nothing twice');
  });
});
