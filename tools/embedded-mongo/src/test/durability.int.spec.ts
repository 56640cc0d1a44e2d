import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Store } from '../storage/store.ts';
import type { SpawnedEngine } from './engine.fixture.ts';
import { bundleEngine, kill, spawnEngine, temporaryFolder } from './engine.fixture.ts';

vi.setConfig({ testTimeout: 300_000 });

const DURABLE = { writeConcern: { w: 'majority' as const, journal: true } };
const KILLS = 50;
const WRITERS = 12;
const BATCH = 20;

type Sent = { _id: string; chatId: string; seq: number; outbox?: number };
type Head = { _id: string; last: number };

let folder: ReturnType<typeof temporaryFolder>;
let engine: SpawnedEngine | undefined;

let program: string[];
const start = (): Promise<SpawnedEngine> => spawnEngine(folder.path, 0, program);

beforeAll(async () => void (program = await bundleEngine()));
afterAll(() => rmSync(program[0]!));
beforeEach(() => void (folder = temporaryFolder()));
afterEach(async () => {
  if (engine) await kill(engine.process);
  engine = undefined;
  folder.remove();
});

/** What each writer was told is done: messages up to `sent`, of them without `outbox` up to `cleared`, a head of at least `head`. */
type Told = { sent: number; cleared: number; head: number };

/** Writers insert, one by one and in batches, and update, until the engine dies or the client is closed. */
async function writeUntilKilled(client: MongoClient, round: number, told: Map<string, Told>): Promise<void> {
  const messages = client.db('d').collection<Sent>('messages');
  const heads = client.db('d').collection<Head>('heads');
  const writer = async (w: number): Promise<void> => {
    const chatId = `r${round}w${w}`;
    const done = { sent: 0, cleared: 0, head: 0 };
    told.set(chatId, done);
    const message = (seq: number): Sent => ({ _id: `${chatId}-${seq}`, chatId, seq, outbox: 1 });
    for (;;) {
      const from = done.sent + 1;
      if (w % 2 === 0) await messages.insertOne(message(from), DURABLE);
      else
        await messages.insertMany(
          Array.from({ length: BATCH }, (_, i) => message(from + i)),
          DURABLE,
        );
      done.sent += w % 2 === 0 ? 1 : BATCH;
      await messages.updateMany({ chatId, outbox: 1 }, { $unset: { outbox: 1 } }, DURABLE);
      done.cleared = done.sent;
      await heads.updateOne({ _id: chatId }, { $max: { last: done.sent } }, { upsert: true, ...DURABLE });
      done.head = done.sent;
    }
  };
  await Promise.allSettled(Array.from({ length: WRITERS }, (_, w) => writer(w)));
}

/** Everything that was told is there, read through the index. */
async function check(client: MongoClient, told: ReadonlyMap<string, Told>): Promise<void> {
  const messages = client.db('d').collection<Sent>('messages');
  const heads = client.db('d').collection<Head>('heads');
  const one = async (chatId: string, { sent, cleared, head }: Told): Promise<void> => {
    const found = await messages.find({ chatId }).sort({ seq: 1 }).hint({ chatId: 1, seq: 1 }).toArray();
    expect(found.map((d) => d.seq).slice(0, sent)).toEqual(Array.from({ length: sent }, (_, i) => i + 1));
    expect(found.slice(0, cleared).filter((d) => d.outbox !== undefined)).toEqual([]);
    if (head > 0) expect((await heads.findOne({ _id: chatId }))?.last).toBeGreaterThanOrEqual(head);
  };
  await Promise.all([...told].map(([chatId, done]) => one(chatId, done)));
}

const connect = (uri: string): MongoClient => new MongoClient(uri, { maxPoolSize: WRITERS, retryWrites: false });

describe('an acknowledged write', () => {
  it(`survives SIGKILL under load, ${KILLS} times over, with its index entries`, async () => {
    const all = new Map<string, Told>();
    let last = new Map<string, Told>();
    for (let round = 0; round < KILLS; round++) {
      engine = await start();
      const client = connect(engine.uri);
      await check(client, last);
      last = new Map();
      if (round === 0) {
        await client.db('d').collection('messages').createIndex({ chatId: 1, seq: 1 }, { unique: true });
        await client.db('d').collection('messages').createIndex({ outbox: 1 }, { sparse: true });
      }
      const writing = writeUntilKilled(client, round, last);
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 150));
      await kill(engine.process);
      // Otherwise writers would wait for a server to come back.
      await client.close();
      await writing;
      for (const [chatId, done] of last) all.set(chatId, done);
    }
    engine = await start();
    const client = connect(engine.uri);
    await check(client, all);
    const told = [...all.values()].reduce((n, { sent }) => n + sent, 0);
    expect(told).toBeGreaterThan(KILLS * WRITERS);
    const messages = client.db('d').collection<Sent>('messages');
    const byIndex = await messages.countDocuments({ chatId: { $gt: '' } });
    const byScan = (
      await messages
        .find({ seq: { $gt: 0 } })
        .hint({ $natural: 1 })
        .toArray()
    ).length;
    expect(byIndex).toBe(byScan);
    expect(byScan).toBeGreaterThanOrEqual(told);
    expect(await messages.estimatedDocumentCount()).toBe(byScan);
    const pending = await messages.find({ outbox: 1 }).hint({ outbox: 1 }).toArray();
    expect(pending).toHaveLength((await messages.find({ outbox: 1 }).hint({ $natural: 1 }).toArray()).length);
    await client.close();
  });
});

describe('a data folder', () => {
  it('keeps everything over a clean end', async () => {
    engine = await start();
    let client = new MongoClient(engine.uri);
    await client.db('a').collection('c').createIndex({ k: 1 }, { unique: true });
    await client
      .db('a')
      .collection('c')
      .insertOne({ k: [1, 2] });
    await client.close();
    await kill(engine.process, 'SIGTERM');
    expect(engine.process.exitCode).toBe(0);
    engine = await start();
    client = new MongoClient(engine.uri);
    await expect(client.db('a').collection('c').insertOne({ k: 2 })).rejects.toMatchObject({ code: 11000 });
    expect(await client.db('a').collection('c').countDocuments({ k: 1 })).toBe(1);
    await client.close();
  });

  it('serves one process only, and is taken over from a dead one', async () => {
    engine = await start();
    await expect(start()).rejects.toThrow(/embedded-mongo: the data folder .* is in use by process \d+$/);
    await kill(engine.process);
    engine = await start();
  });

  it.each([
    ['zeros', Buffer.alloc(8192)],
    ['random bytes', randomBytes(100_000)],
    ['a text', Buffer.from('not a database\n'.repeat(1000))],
    ['few bytes', Buffer.from([1, 2, 3])],
  ])('is refused in one sentence when its file holds %s', async (_, bytes) => {
    mkdirSync(join(folder.path, 'data'), { recursive: true });
    writeFileSync(join(folder.path, 'data', 'data.mdb'), bytes);
    await expect(start()).rejects.toThrow(
      /ended with 1: embedded-mongo: the data folder [^\n]+ is not of embedded-mongo[^\n]+$/,
    );
  });

  it('is refused in one sentence when it is of a mongod, of another version, or of something else', async () => {
    writeFileSync(join(folder.path, 'WiredTiger'), 'x');
    await expect(start()).rejects.toThrow(/ended with 1: [^\n]+ holds the data of a mongod$/);
    rmSync(join(folder.path, 'WiredTiger'));
    writeFileSync(join(folder.path, 'thesis.txt'), 'x');
    await expect(start()).rejects.toThrow(/ended with 1: [^\n]+ holds other things, such as "thesis.txt"[^\n]+$/);
    rmSync(join(folder.path, 'thesis.txt'));
    const store = new Store(join(folder.path, 'data'), true);
    await store.write(() => store.put(Buffer.from('\0\0\0\0format'), Buffer.from('parley embedded-mongo 99')));
    await store.close();
    await expect(start()).rejects.toThrow(/ended with 1: [^\n]+ of another format \("parley embedded-mongo 99"\)$/);
  });

  it('is refused in one sentence when its file has lost its end', async () => {
    engine = await start();
    const client = new MongoClient(engine.uri);
    await client
      .db('a')
      .collection('c')
      .insertMany(Array.from({ length: 2000 }, (_, i) => ({ i, text: 'x'.repeat(500) })));
    await client.close();
    await kill(engine.process, 'SIGTERM');
    truncateSync(join(folder.path, 'data', 'data.mdb'), 8192);
    await expect(start()).rejects.toThrow(/ended with 1: embedded-mongo: the data folder [^\n]+ has lost its end$/);
  });

  it('and a port that is taken are told apart', async () => {
    engine = await start();
    const other = temporaryFolder();
    await expect(spawnEngine(other.path, engine.port, program)).rejects.toThrow(
      /port \d+ on 127\.0\.0\.1 is in use by another program/,
    );
    other.remove();
  });
});
