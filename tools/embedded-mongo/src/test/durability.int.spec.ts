import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SpawnedEngine } from './engine.fixture.ts';
import { kill, spawnEngine, temporaryFolder } from './engine.fixture.ts';

vi.setConfig({ testTimeout: 180_000 });

const DURABLE = { writeConcern: { w: 'majority' as const, journal: true } };
const KILLS = 6;
const WRITERS = 16;

type Sent = { _id: string; chatId: string; seq: number };

let folder: ReturnType<typeof temporaryFolder>;
let engine: SpawnedEngine | undefined;

beforeEach(() => void (folder = temporaryFolder()));
afterEach(async () => {
  if (engine) await kill(engine.process);
  engine = undefined;
  folder.remove();
});

/** Writers insert and update until the engine dies; gives the number of the last acknowledged write of each. */
async function writeUntilKilled(
  uri: string,
  round: number,
  acknowledged: Map<string, number>,
  stop: () => boolean,
): Promise<void> {
  const client = new MongoClient(uri, { maxPoolSize: WRITERS, serverSelectionTimeoutMS: 500, retryWrites: false });
  const messages = client.db('d').collection<Sent>('messages');
  const heads = client.db('d').collection<{ _id: string; last: number }>('heads');
  const writer = async (w: number): Promise<void> => {
    const chatId = `r${round}w${w}`;
    for (let seq = 1; !stop(); seq++) {
      await messages.insertOne({ _id: `${chatId}-${seq}`, chatId, seq }, DURABLE);
      acknowledged.set(chatId, seq);
      if (seq % 3 === 0) {
        await heads.updateOne({ _id: chatId }, { $max: { last: seq } }, { upsert: true, ...DURABLE });
        acknowledged.set('head:' + chatId, seq);
      }
    }
  };
  await Promise.allSettled(Array.from({ length: WRITERS }, (_, w) => writer(w)));
  await client.close();
}

describe('an acknowledged write', () => {
  it('survives SIGKILL under load, again and again, with its index entries', async () => {
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < KILLS; round++) {
      engine = await spawnEngine(folder.path);
      const client = new MongoClient(engine.uri);
      await client.db('d').collection('messages').createIndex({ chatId: 1, seq: 1 }, { unique: true });
      await client.close();
      let stopped = false;
      const writing = writeUntilKilled(engine.uri, round, acknowledged, () => stopped);
      await new Promise((resolve) => setTimeout(resolve, 400 + Math.random() * 600));
      await kill(engine.process);
      stopped = true;
      await writing;
    }
    engine = await spawnEngine(folder.path);
    const client = new MongoClient(engine.uri);
    const db = client.db('d');
    let checked = 0;
    for (const [name, last] of acknowledged) {
      if (name.startsWith('head:')) {
        const head = await db.collection<{ _id: string; last: number }>('heads').findOne({ _id: name.slice(5) });
        expect(head!.last).toBeGreaterThanOrEqual(last);
        continue;
      }
      const found = await db
        .collection<Sent>('messages')
        .find({ chatId: name })
        .sort({ seq: 1 })
        .hint({ chatId: 1, seq: 1 })
        .toArray();
      expect(found.map((d) => d.seq).slice(0, last)).toEqual(Array.from({ length: last }, (_, i) => i + 1));
      checked += last;
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(KILLS * WRITERS);
    expect(checked).toBeGreaterThan(200);
    const byIndex = await db.collection('messages').countDocuments({ chatId: { $gt: '' } });
    const byScan = (
      await db
        .collection('messages')
        .find({ seq: { $gt: 0 } })
        .hint({ $natural: 1 })
        .toArray()
    ).length;
    expect(byIndex).toBe(byScan);
    expect(await db.collection('messages').estimatedDocumentCount()).toBe(byScan);
    await client.close();
  });
});

describe('a data folder', () => {
  it('keeps everything over a clean end', async () => {
    engine = await spawnEngine(folder.path);
    let client = new MongoClient(engine.uri);
    await client.db('a').collection('c').createIndex({ k: 1 }, { unique: true });
    await client
      .db('a')
      .collection('c')
      .insertOne({ k: [1, 2] });
    await client.close();
    await kill(engine.process, 'SIGTERM');
    expect(engine.process.exitCode).toBe(0);
    engine = await spawnEngine(folder.path);
    client = new MongoClient(engine.uri);
    await expect(client.db('a').collection('c').insertOne({ k: 2 })).rejects.toMatchObject({ code: 11000 });
    expect(await client.db('a').collection('c').countDocuments({ k: 1 })).toBe(1);
    await client.close();
  });

  it('serves one process only, and is taken over from a dead one', async () => {
    engine = await spawnEngine(folder.path);
    await expect(spawnEngine(folder.path)).rejects.toThrow(
      /embedded-mongo: the data folder .* is in use by process \d+$/,
    );
    await kill(engine.process);
    engine = await spawnEngine(folder.path);
  });

  it('is refused in one sentence when its data are of another kind', async () => {
    mkdirSync(join(folder.path, 'data'), { recursive: true });
    writeFileSync(join(folder.path, 'data', 'data.mdb'), Buffer.alloc(8192, 7));
    await expect(spawnEngine(folder.path)).rejects.toThrow(
      /ended with 1: embedded-mongo: the data folder [^\n]+ is not of embedded-mongo[^\n]+$/,
    );
    writeFileSync(join(folder.path, 'WiredTiger'), 'x');
    await expect(spawnEngine(folder.path)).rejects.toThrow(
      /ended with 1: embedded-mongo: the data folder [^\n]+ holds the data of a mongod$/,
    );
  });

  it('is refused in one sentence when its file has lost its end', async () => {
    engine = await spawnEngine(folder.path);
    const client = new MongoClient(engine.uri);
    await client
      .db('a')
      .collection('c')
      .insertMany(Array.from({ length: 2000 }, (_, i) => ({ i, text: 'x'.repeat(500) })));
    await client.close();
    await kill(engine.process, 'SIGTERM');
    truncateSync(join(folder.path, 'data', 'data.mdb'), 8192);
    await expect(spawnEngine(folder.path)).rejects.toThrow(
      /ended with 1: embedded-mongo: the data folder [^\n]+ has lost its end$/,
    );
  });

  it('and a port that is taken are told apart', async () => {
    engine = await spawnEngine(folder.path);
    const other = temporaryFolder();
    await expect(spawnEngine(other.path, engine.port)).rejects.toThrow(
      /port \d+ on 127\.0\.0\.1 is in use by another program/,
    );
    other.remove();
  });
});
