import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { SpawnedEngine } from './engine.fixture.ts';
import { kill, spawnEngine, temporaryFolder } from './engine.fixture.ts';

vi.setConfig({ testTimeout: 60_000 });

const MB = 1024 * 1024;

/** A small disk of its own, where this machine lets us mount one (Linux, as root). */
const folder = temporaryFolder();
const isMounted = mountSmallDisk(folder.path);

function mountSmallDisk(path: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=100m', 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let engine: SpawnedEngine | undefined;

afterAll(async () => {
  if (engine) await kill(engine.process);
  if (isMounted) execFileSync('umount', [folder.path]);
  folder.remove();
});

describe.skipIf(!isMounted)('a full disk', () => {
  it('makes writes fail as in MongoDB and keeps what is there; with room again they work again', async () => {
    const ballast = join(folder.path, 'ballast');
    const data = join(folder.path, 'data');
    writeFileSync(ballast, Buffer.alloc(20 * MB));
    engine = await spawnEngine(data);
    let client = new MongoClient(engine.uri);
    let items = client.db('d').collection<{ _id: number; text?: string }>('items');
    await items.createIndex({ text: 1 });
    const text = 'x'.repeat(10_000);
    let written = 0;
    const fill = async (): Promise<void> => {
      for (;;) {
        await items.insertMany(
          Array.from({ length: 50 }, (_, i) => ({ _id: written + i, text: `${written} ${text}` })),
        );
        written += 50;
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 14031, codeName: 'OutOfDiskSpace' });
    expect(written).toBeGreaterThan(0);
    expect(await items.countDocuments({ _id: { $gte: 0 } })).toBe(written);
    expect((await items.findOne({ _id: written - 1 }))?.text).toContain(text);
    // A small write may still have had room.
    writeFileSync(ballast, Buffer.alloc(25 * MB));
    await expect(items.updateOne({ _id: 1 }, { $set: { text: 'new' } })).rejects.toMatchObject({ code: 14031 });

    await client.close();
    await kill(engine.process);
    engine = await spawnEngine(data);
    client = new MongoClient(engine.uri);
    items = client.db('d').collection('items');
    expect(await items.countDocuments({ _id: { $gte: 0 } })).toBe(written);
    await expect(items.insertOne({ _id: -1 })).rejects.toMatchObject({ code: 14031 });

    rmSync(ballast);
    await items.insertOne({ _id: -1 });
    expect(await items.countDocuments()).toBe(written + 1);
    await client.close();
    await kill(engine.process, 'SIGTERM');
    expect(engine.process.exitCode).toBe(0);
  });
});
