import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddedMongo } from '../server.ts';
import { startEmbeddedMongo } from '../server.ts';
import { arePagesSound } from '../storage/check-pages.ts';
import { FROM_SOURCE, ROOT, temporaryFolder } from './engine.fixture.ts';

const PAGE = 4096;
const BRANCH = 1;
const LEAF = 2;
const BIG = 'z'.repeat(9000);

type Item = { _id: number; text: string };

let folder: ReturnType<typeof temporaryFolder>;
let engine: EmbeddedMongo | undefined;
let client: MongoClient;

const file = (): string => join(folder.path, 'data', 'data.mdb');
const items = (name: string) => client.db('d').collection<Item>(name);

async function start(): Promise<void> {
  engine = await startEmbeddedMongo({ port: 0, dataDir: folder.path });
  client = new MongoClient(engine.uri);
}
async function stop(): Promise<void> {
  await client.close();
  await engine?.close();
  engine = undefined;
}

beforeEach(async () => {
  folder = temporaryFolder();
  await start();
  await items('sound').insertOne({ _id: 1, text: 'x' });
  await items('hurt').createIndex({ text: 1 });
  await items('hurt').insertMany(Array.from({ length: 3000 }, (_, _id) => ({ _id, text: 'y'.repeat(200) })));
});
afterEach(async () => {
  if (engine) await stop();
  folder.remove();
});

/** The pages of one kind, in their order: what stands in each and where it begins in the file. */
function pagesOf(kind: number): { at: number; bytes: Buffer }[] {
  const all = readFileSync(file());
  return Array.from({ length: Math.floor(all.length / PAGE) }, (_, n) => n * PAGE)
    .slice(2)
    .map((at) => ({ at, bytes: all.subarray(at, at + PAGE) }))
    .filter(({ bytes }) => (bytes.readUInt16LE(18) & 15) === kind);
}

function overwrite(at: number, bytes: Buffer): void {
  const fd = openSync(file(), 'r+');
  writeSync(fd, bytes, 0, bytes.length, at);
  closeSync(fd);
}

describe('a file that is damaged in its middle', () => {
  it.each([
    ['leaves of zeros', LEAF, Buffer.alloc(PAGE)],
    ['leaves of a text', LEAF, Buffer.alloc(PAGE, 'not a page ')],
    ['branches of zeros', BRANCH, Buffer.alloc(PAGE)],
    ['branches of a text', BRANCH, Buffer.alloc(PAGE, 'not a page ')],
  ])('is refused at the start in one sentence: %s', async (_, kind, rubbish) => {
    await stop();
    expect(arePagesSound(file())).toBe(true);
    const pages = pagesOf(kind);
    expect(pages.length).toBeGreaterThan(0);
    for (const { at } of pages) overwrite(at, rubbish);
    await expect(start()).rejects.toThrow(
      /^the data folder [^\n]+ is damaged: [^\n]+ pages that hold something else[^\n]+$/,
    );
    engine = undefined;
  });

  it('is told by --check, which looks at every page however many there are, and that nothing is', async () => {
    const check = () => execFileSync(process.execPath, [...FROM_SOURCE, '--check', '--data', folder.path], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' }); // prettier-ignore
    expect(check).toThrow(/is in use by process/);
    await stop();
    expect(check()).toBe(`every page of ${folder.path} can be read\n`);
    // One that a start on a large file leaves out.
    const isLeftOut = ({ at, bytes }: { at: number; bytes: Buffer }): boolean => {
      overwrite(at, Buffer.alloc(PAGE));
      if (!arePagesSound(file()) && arePagesSound(file(), 1)) return true;
      overwrite(at, bytes);
      return false;
    };
    expect(pagesOf(LEAF).some(isLeftOut)).toBe(true);
    expect(check).toThrow(/embedded-mongo: the data folder [^\n]+ is damaged: [^\n]+\n$/);
  });

  it('fails the commands that meet it and no others, while the engine runs', async () => {
    await items('hurt').insertOne({ _id: -1, text: BIG });
    // Documents that are larger than a page have pages of their own, which their leaf names by number.
    let changed = 0;
    for (const { at, bytes } of pagesOf(LEAF)) {
      for (let i = 24; i < 24 + bytes.readUInt16LE(20); i += 2) {
        const node = 24 + bytes.readUInt16LE(i);
        if ((bytes.readUInt16LE(node + 4) & 1) === 0) continue;
        const number = Buffer.alloc(8);
        number.writeBigUInt64LE(2n ** 40n);
        overwrite(at + node + 8 + bytes.readUInt16LE(node + 6), number);
        changed++;
      }
    }
    expect(changed).toBeGreaterThan(0);
    await expect(items('hurt').findOne({ _id: -1 })).rejects.toMatchObject({ code: 1, codeName: 'InternalError' });
    const told = await Promise.allSettled([
      items('sound').insertOne({ _id: 2, text: 'x' }),
      items('hurt').updateOne({ _id: -1 }, { $set: { text: 'x' } }),
      items('sound').updateOne({ _id: 1 }, { $set: { text: 'changed' } }),
    ]);
    expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await items('sound').find().toArray()).toEqual([{ _id: 1, text: 'changed' }, { _id: 2, text: 'x' }]); // prettier-ignore
    expect(await items('hurt').findOne({ _id: 5 })).toMatchObject({ _id: 5 });
    await stop();
    await expect(start()).rejects.toThrow(/is damaged/);
    engine = undefined;
  });
});
