import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetBucketCorsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kill, spawnS3, temporaryFolder } from './process.fixture.ts';
import type { SpawnedS3 } from './process.fixture.ts';
import { newClient } from './s3.fixture.ts';

vi.setConfig({ testTimeout: 120_000 });

const Bucket = 'test';
const KILLS = 4;
const WRITERS = 8;

let folder: ReturnType<typeof temporaryFolder>;
let s3: SpawnedS3 | undefined;

beforeEach(() => void (folder = temporaryFolder()));
afterEach(async () => {
  if (s3) await kill(s3.process);
  s3 = undefined;
  folder.remove();
});

const md5 = (data: Uint8Array): string => createHash('md5').update(data).digest('hex');

/** Puts, overwrites and deletes until the endpoint dies; notes what was acknowledged: an MD5, or null for deleted. */
async function writeUntilKilled(client: S3Client, round: number, told: Map<string, Set<string | null>>): Promise<void> {
  const writer = async (w: number): Promise<void> => {
    for (let n = 0; ; n += 1) {
      const Key = `r${round}/w${w}/${n % 5}`;
      const before = told.get(Key) ?? new Set([null]);
      const isDeletion = n % 7 === 6;
      const Body = randomBytes(1 + Math.floor(Math.random() * 200_000));
      const after = isDeletion ? null : md5(Body);
      // While nobody has said so, it may be either.
      told.set(Key, new Set([...before, after]));
      await client.send(
        isDeletion ? new DeleteObjectCommand({ Bucket, Key }) : new PutObjectCommand({ Bucket, Key, Body }),
      );
      told.set(Key, new Set([after]));
    }
  };
  await Promise.allSettled(Array.from({ length: WRITERS }, (_, w) => writer(w)));
}

describe('an acknowledged write', () => {
  it('survives SIGKILL under load, again and again, whole, and what was under way leaves nothing', async () => {
    const told = new Map<string, Set<string | null>>();
    for (let round = 0; round < KILLS; round += 1) {
      s3 = await spawnS3(folder.path);
      const client = newClient(s3);
      const writing = writeUntilKilled(client, round, told);
      await sleep(400 + Math.random() * 400);
      await kill(s3.process);
      await writing;
      client.destroy();
    }
    s3 = await spawnS3(folder.path);
    const client = newClient(s3);
    const { Contents = [], IsTruncated } = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(IsTruncated).toBe(false);
    const found = new Map<string, string>();
    for (const { Key, ETag } of Contents) {
      const data = await (await client.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToByteArray();
      expect(ETag).toBe(`"${md5(data)}"`);
      found.set(Key!, md5(data));
    }
    for (const [key, allowed] of told) expect([...allowed], key).toContain(found.get(key) ?? null);
    expect(told.size).toBeGreaterThan(KILLS * WRITERS * 3);
    expect(found.size).toBeGreaterThan(KILLS * WRITERS);
    expect(readdirSync(join(folder.path, 'unfinished-uploads'))).toEqual([]);
    expect(readdirSync(join(folder.path, 'buckets', Bucket))).toHaveLength(found.size + 1);
    client.destroy();
  });
});

describe('a data folder', () => {
  it('keeps objects and rules over a clean end', async () => {
    s3 = await spawnS3(folder.path, { more: ['--cors-origin', 'http://localhost:3000'] });
    await newClient(s3).send(new PutObjectCommand({ Bucket, Key: 'é', Body: 'x', Metadata: { a: 'b' } }));
    await kill(s3.process, 'SIGTERM');
    expect(s3.process.exitCode).toBe(0);
    s3 = await spawnS3(folder.path);
    const client = newClient(s3);
    const object = await client.send(new GetObjectCommand({ Bucket, Key: 'é' }));
    expect([await object.Body!.transformToString(), object.Metadata]).toEqual(['x', { a: 'b' }]);
    const { CORSRules } = await client.send(new GetBucketCorsCommand({ Bucket }));
    expect(CORSRules![0]).toMatchObject({
      AllowedOrigins: ['http://localhost:3000'],
      AllowedMethods: ['GET', 'HEAD', 'PUT'],
    });
    client.destroy();
  });

  it('serves one process only, and is taken over from a dead one', async () => {
    s3 = await spawnS3(folder.path);
    await expect(spawnS3(folder.path)).rejects.toThrow(/embedded-s3: the data folder .* is in use by process \d+$/);
    await kill(s3.process);
    s3 = await spawnS3(folder.path);
  });

  it('with an object that has lost its end is refused in one sentence', async () => {
    s3 = await spawnS3(folder.path);
    await newClient(s3).send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x'.repeat(1000) }));
    await kill(s3.process, 'SIGTERM');
    const file = createHash('sha256').update('k').digest('hex');
    truncateSync(join(folder.path, 'buckets', Bucket, file), 500);
    await expect(spawnS3(folder.path)).rejects.toThrow(
      /ended with 1: embedded-s3: the object file [^\n]+ is damaged[^\n]+$/,
    );
  });

  it('and a port that is taken are told apart; options that are missing are named', async () => {
    s3 = await spawnS3(folder.path);
    const other = temporaryFolder();
    await expect(spawnS3(other.path, { port: s3.port })).rejects.toThrow(
      /port \d+ on 127\.0\.0\.1 is in use by another/,
    );
    await expect(spawnS3(other.path, { more: ['--secret-key', ''] })).rejects.toThrow(/usage: embedded-s3/);
    await expect(spawnS3(other.path, { more: ['--bucket', '../x'] })).rejects.toThrow(/bucket is not valid/);
    other.remove();
  });
});
