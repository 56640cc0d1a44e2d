import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readStackEnv } from '../env.ts';
import type { EngineContext } from './engine.ts';
import { findS3 } from './s3.ts';

let dataDir: string;
beforeAll(() => void (dataDir = mkdtempSync(join(tmpdir(), 'parley-s3-'))));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const told: string[] = [];
const context = (env: Record<string, string>, more: Partial<EngineContext> = {}): EngineContext => ({
  dataDir,
  env: readStackEnv(env),
  listen: (event) => void (event.type === 'note' && told.push(event.text)),
  port: () => undefined,
  withManagement: false,
  defaultLogins: false,
  bundled: undefined,
  ...more,
});
const KEYS = { S3_BUCKET_NAME: 'mine', S3_REGION: 'eu-west-1', S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 'b' };

it('is the endpoint that is given, where it answers', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const engine = await findS3(context({ S3_ENDPOINT: url, ...KEYS }));
  server.close();
  expect(engine).toMatchObject({ url, env: KEYS, programs: [] });
});

it('is a bucket at Amazon where one is named without an endpoint', async () => {
  expect(await findS3(context(KEYS))).toEqual({
    name: 's3',
    url: '',
    detail: 'AWS, bucket mine',
    env: KEYS,
    programs: [],
  });
});

it('is else embedded, with a secret that stays the same and is no argument', async () => {
  const [one, again] = [await findS3(context({})), await findS3(context({}))];
  const [program] = one.programs;
  expect(one.detail).toMatch(/^embedded, 127\.0\.0\.1:\d+$/);
  expect(one.env).toEqual(again.env);
  expect(one.env).toMatchObject({ S3_BUCKET_NAME: 'parley', S3_ACCESS_KEY: 'parley' });
  const secret = one.env!['S3_SECRET_KEY']!;
  expect(secret).toMatch(/^[0-9a-f]{36}$/);
  expect(program!.env['S3_SECRET_KEY']).toBe(secret);
  expect(program!.args.join(' ')).not.toContain(secret);
  const known = await findS3(context({}, { defaultLogins: true }));
  expect(known.env!['S3_SECRET_KEY']).toBe('parley-development');
});

it('is never another than the one that production names', async () => {
  const gone = { S3_ENDPOINT: 'http://127.0.0.1:1', ...KEYS };
  await expect(findS3(context({ ...gone, NODE_ENV: 'production' }))).rejects.toThrow(/nothing answers at S3_ENDPOINT/);
  expect((await findS3(context(gone))).detail).toMatch(/^embedded/);
  expect(told).toEqual(['s3: nothing answers at S3_ENDPOINT (127.0.0.1:1), so another is used']);
});
