import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@parley/testing';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { gatherCrowd } from './clients/crowd.fixture.ts';
import { startVisitors } from './clients/visitors.fixture.ts';
import type { Fault } from './faults/fault.ts';
import { createLink, type Link } from './net/link.ts';
import { createOutboxKeeper } from './net/lying-mongo.fixture.ts';
import type { Recorder } from './recorder.ts';
import { runRound, type RoundOptions } from './run-round.ts';
import { programViolations } from './torture.ts';
import { rabbitControl } from './world/rabbit-control.fixture.ts';
import { startTestWorld, type TestWorld } from './world/test-world.fixture.ts';

let test: TestWorld;
let mongo: MongoClient;
/** All gateways behind one address, as in production. */
let balanced: Link;
let keepsOutbox = false;

beforeAll(async () => {
  const keeper = createOutboxKeeper(() => keepsOutbox);
  test = await startTestWorld((link) => (link === 'chat-api>mongodb' ? keeper : undefined));
  mongo = new MongoClient(test.world.mongoUri);
  balanced = await createLink({
    name: 'balancer',
    targets: () => test.world.entries.map((entry) => Number(new URL(entry).port)),
  });
}, 180_000);
afterEach(({ task }) => test.note({ task }));
afterAll(async () => {
  await balanced.close();
  await mongo.close();
  await test.dispose();
}, 30_000);

async function play(o: Partial<RoundOptions>) {
  const { world, tap } = test;
  return runRound({
    ...{ world, tap, seed: 21, durationMs: 8_000, pairs: 8, rate: 60, faults: [], quietWithinMs: 45_000 },
    say: () => undefined,
    progress: () => undefined,
    ...o,
  });
}
const messages = () => mongo.db('parley_chat').collection('messages');
const untold = () => messages().countDocuments({ outbox: { $exists: true } });
/** Entries that are older than a working relay ever leaves them. */
const overdue = () => messages().countDocuments({ 'outbox.at': { $lte: new Date(Date.now() - 3_000) } });
const stack = () => test.world.stack;
const at = (atMs: number, kind: Fault['kind'], target: string, holdMs: number): Fault => ({
  atMs,
  kind,
  targets: [target],
  holdMs,
});

/** What the programs found worth a warning. */
function warnings(since: string): string[] {
  const folder = join(test.dataDir, 'logs');
  const lines = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'));
  return lines.filter((line) => line.includes('"warn"') && (/"time":"([^"]+)"/.exec(line)?.[1] ?? '') >= since);
}

/** Waits until `count` more sends are acknowledged than now. */
async function acknowledges(recorder: Recorder, count: number, timeoutMs = 15_000): Promise<void> {
  const wanted = recorder.sends() + count;
  await eventually(() => expect(recorder.sends()).toBeGreaterThanOrEqual(wanted), { timeoutMs });
}

describe('all of Parley, two of each', { timeout: 240_000 }, () => {
  it('FAULT 4: chat-api killed after the confirm, before the entry is cleared: told again, shown once', async () => {
    const toldBefore = test.tap.deliveries();
    let kept = 0;
    const { violations, sends } = await play({
      durationMs: 4_000,
      meanwhile: async (recorder) => {
        keepsOutbox = true;
        await acknowledges(recorder, 40);
        await sleep(1_000);
        await stack().kill('chat-api', 'SIGKILL', { stayDown: true });
        kept = await untold();
        keepsOutbox = false;
        await stack().start('chat-api');
      },
    });
    expect(kept).toBeGreaterThan(0);
    expect(test.tap.deliveries() - toldBefore).toBeGreaterThan(sends);
    expect(violations).toEqual([]);
  });

  it('FAULT 7: RabbitMQ killed under load: sends go on, none is missing, drained within 10 s of its return', async () => {
    const { violations } = await play({
      meanwhile: async (recorder) => {
        await acknowledges(recorder, 20);
        await stack().kill('rabbitmq', 'SIGKILL', { stayDown: true });
        await acknowledges(recorder, 40);
        expect(await untold()).toBeGreaterThan(0);
        await stack().start('rabbitmq');
        await eventually(async () => expect(await overdue()).toBe(0), { timeoutMs: 10_000 });
      },
    });
    expect(violations).toEqual([]);
  });

  it('FAULT 9: the broker blocked by its memory alarm: sends go on, the outbox is kept, nothing hangs', async () => {
    const alarm = (watermark: string) =>
      rabbitControl(stack(), test.dataDir, 'set_vm_memory_high_watermark', 'absolute', watermark);
    const { violations } = await play({
      meanwhile: async (recorder) => {
        await acknowledges(recorder, 20);
        await alarm('1');
        const health = test.world.stack.instances['chat-api']?.health;
        await eventually(async () => expect((await fetch(`${health}/health/ready`)).status).toBe(503));
        await acknowledges(recorder, 40);
        expect(await untold()).toBeGreaterThan(0);
        await alarm('512MiB');
        await eventually(async () => expect(await overdue()).toBe(0), { timeoutMs: 10_000 });
      },
    });
    expect(violations).toEqual([]);
  });

  it('FAULT 11: Redis killed for 9 s: gateways live, no message is missing', async () => {
    const pids = () => [stack().pids()['realtime-gateway'], stack().pids()['realtime-gateway-2']];
    const before = pids();
    const { violations, sends } = await play({ durationMs: 11_000, faults: [at(1_000, 'kill', 'redis', 9_000)] });
    expect(violations).toEqual([]);
    expect(pids()).toEqual(before);
    expect(sends).toBeGreaterThan(100);
    // Whoever types meanwhile is no error.
    expect(programViolations(test.world, test.dataDir)).toEqual([]);
  });

  it('FAULT 12: a gateway killed with 1,000 sockets: reconnects spread over 10 s or more, none missing', async () => {
    const ports = test.world.entries.map((entry) => Number(new URL(entry).port));
    let open = ports.slice(0, 1);
    const entry = await createLink({ name: 'one gateway, then the other', targets: () => open });
    const crowd = await gatherCrowd({ base: `http://127.0.0.1:${entry.port}`, pairs: 10, devices: 100, sockets: 900 });
    await eventually(() => expect(crowd.count()).toEqual({ live: 100, sockets: 900 }), { timeoutMs: 60_000 });
    await crowd.openChats();
    await crowd.everybodySays('before');

    const returns = crowd.watchReturns();
    await stack().kill('realtime-gateway', 'SIGKILL', { stayDown: true });
    open = ports.slice(1);
    await crowd.everybodySays('while most are away');
    await eventually(() => expect(crowd.count()).toEqual({ live: 100, sockets: 900 }), { timeoutMs: 60_000 });
    await stack().start('realtime-gateway');

    expect(Math.max(...returns) - Math.min(...returns)).toBeGreaterThanOrEqual(10_000);
    const seconds = Array.from({ length: 60 }, (_, second) =>
      returns.filter((ms) => Math.floor(ms / 1_000) === second),
    );
    expect(Math.max(...seconds.map(({ length }) => length))).toBeLessThan(50);
    for (const chatId of crowd.chatIds)
      await eventually(() => expect(crowd.cursor(chatId)).toBe(4), { timeoutMs: 40_000 });
    crowd.close();
    await entry.close();
  });

  it('FAULT 19: MongoDB killed twice under load: every acknowledged message is there afterwards', async () => {
    const faults = [at(2_000, 'kill', 'mongodb', 500), at(7_000, 'kill', 'mongodb', 500)];
    const { violations, sends } = await play({ durationMs: 10_000, faults });
    expect(violations).toEqual([]);
    expect(sends).toBeGreaterThan(20);
  });

  it('FAULT 21: rolling SIGTERM of every service under load: no 5xx, none missing', async () => {
    const since = new Date().toISOString();
    let visited: Record<string, number> = {};
    const { violations, refusals, sends } = await play({
      entries: [`http://127.0.0.1:${balanced.port}`],
      meanwhile: async (recorder) => {
        const visitors = await startVisitors(`http://127.0.0.1:${balanced.port}`, 3);
        for (const name of test.world.programs) {
          await acknowledges(recorder, 20);
          await stack().kill(name, 'SIGTERM', { stayDown: true });
          await stack().start(name);
        }
        await visitors.stop();
        visited = Object.fromEntries(visitors.answers());
      },
    });
    const { ok = 0, unknown: _cut, ...failures } = visited;
    expect(failures).toEqual({});
    expect(ok).toBeGreaterThan(100);
    expect(violations).toEqual([]);
    // One device may change what another has just deleted.
    const refused = Object.fromEntries(
      [...refusals].filter(([code]) => code !== 'message_deleted' && code !== 'edit_conflict'),
    );
    expect({ refused, said: Object.keys(refused).length > 0 ? warnings(since) : [] }).toEqual({
      refused: {},
      said: [],
    });
    expect(sends).toBeGreaterThan(120);
  });

  it('logged nothing that nobody expected, and nothing died by itself', () => {
    expect(programViolations(test.world, test.dataDir)).toEqual([]);
  });
});
