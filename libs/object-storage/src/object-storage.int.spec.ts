import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { dropBucket } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createObjectStorage, type ObjectStorage } from './create-object-storage.ts';
import { codeOf, read, storageThroughProxy, type StorageUnderTest } from './storage.fixture.ts';

let test: StorageUnderTest;
let storage: ObjectStorage;
beforeAll(async () => {
  test = await storageThroughProxy();
  storage = test.storage;
});
afterAll(() => test.end());

const PNG = { contentType: 'image/png' };
const get = async (key: string, maxBytes = 1 << 24) => read((await storage.get(key, { maxBytes })).body);
const put = (key: string, body: Buffer | Readable, more: object = {}) => storage.put({ key, body, ...PNG, ...more });

describe('objects', () => {
  it('are put whole or as a stream, and come back with what is known of them', async () => {
    const data = randomBytes(3 << 20);
    await put('a/whole', data, { cacheControl: 'private' });
    await put('a/stream', Readable.from([data.subarray(0, 5), data.subarray(5)]), { bytes: data.length });
    expect((await get('a/whole')).equals(data)).toBe(true);
    expect((await get('a/stream')).equals(data)).toBe(true);
    const info = await storage.head('a/stream');
    expect(info).toMatchObject({ bytes: data.length, contentType: 'image/png' });
    expect(Math.abs(info!.modifiedAt.getTime() - Date.now())).toBeLessThan(60_000);
    expect(await storage.head('a/none')).toBeUndefined();
    expect(await codeOf(get('a/none'))).toBe('not_found');
  });

  it('that must be new are refused where there is one', async () => {
    await put('once', Buffer.from('1'), { onlyNew: true });
    expect(await codeOf(put('once', Buffer.from('2'), { onlyNew: true }))).toBe('exists');
    expect(String(await get('once'))).toBe('1');
    await put('once', Buffer.from('3'));
    expect(String(await get('once'))).toBe('3');
  });

  it('larger than the caller takes are not read', async () => {
    await put('large', Buffer.alloc(100_001));
    expect(await codeOf(storage.get('large', { maxBytes: 100_000 }))).toBe('too_large');
    expect(await get('large', 100_001)).toHaveLength(100_001);
  });

  it('of which a reader has had enough keep no connection', async () => {
    await put('large', Buffer.alloc(8 << 20));
    // More than there are sockets: one that was kept by each would stop the last of them.
    for (let n = 0; n < 40; n += 1) {
      const { body } = await storage.get('large', { maxBytes: 8 << 20 });
      body.destroy();
    }
    expect(await storage.head('large')).toMatchObject({ bytes: 8 << 20 });
  });

  it('are listed by prefix, over pages, and deleted in any number', async () => {
    const keys = Array.from({ length: 1_003 }, (_, n) => `sweep/${String(n).padStart(4, '0')}`);
    for (let from = 0; from < keys.length; from += 16)
      await Promise.all(keys.slice(from, from + 16).map((key) => put(key, Buffer.from('x'))));
    const listed = async () => {
      const found: string[] = [];
      for await (const { key, bytes } of storage.list('sweep/')) found.push(`${key} ${bytes}`);
      return found;
    };
    expect(await listed()).toEqual(keys.map((key) => `${key} 1`));
    await storage.delete([...keys, 'sweep/none']);
    await storage.delete([]);
    expect(await listed()).toEqual([]);
  });
});

describe('a presigned upload', () => {
  const signed = (key: string, bytes = 5) => storage.presignPut({ key, ...PNG, bytes, expiresInSeconds: 300 });

  it('works from a browser with the headers that it names, once', async () => {
    const { url, method, headers, expiresAt } = await signed('up/1');
    const answer = await fetch(url, {
      method,
      headers: { ...headers, origin: 'http://localhost:3000' },
      body: 'hello',
    });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, 'http://localhost:3000']);
    expect(Math.abs(expiresAt.getTime() - Date.now() - 300_000)).toBeLessThan(5_000);
    expect(String(await get('up/1'))).toBe('hello');
    expect((await fetch(url, { method, headers, body: 'other' })).status).toBe(412);
  });

  it.each([
    ['another length', {}, 'hello!'],
    ['another type', { 'content-type': 'text/html' }, 'hello'],
    ['another condition', { 'if-none-match': 'x' }, 'hello'],
  ])('is refused with %s', async (_, change, body) => {
    const { url, method, headers } = await signed('up/2');
    expect((await fetch(url, { method, headers: { ...headers, ...change }, body })).status).toBe(403);
    expect(await storage.head('up/2')).toBeUndefined();
  });
});

describe('a presigned download', () => {
  it('is the same for an hour, and gives the object as it was told to', async () => {
    await put('down/1', Buffer.from('hello'));
    const o = {
      key: 'down/1',
      contentType: 'image/webp',
      disposition: { type: 'attachment', filename: 'Büro.webp' },
    } as const;
    const { url, expiresAt } = await storage.presignGet(o);
    expect((await storage.presignGet(o)).url).toBe(url);
    expect(expiresAt.getTime() - Date.now()).toBeGreaterThan(890_000);
    const answer = await fetch(url);
    expect([answer.status, await answer.text(), answer.headers.get('content-type')]).toEqual([
      200,
      'hello',
      'image/webp',
    ]);
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="B_ro.webp"; filename*=UTF-8''B%C3%BCro.webp`,
    );
  });

  it('works at the end of its hour, and not for ever', async () => {
    await put('down/2', Buffer.from('hello'));
    const at = async (now: number) => {
      const clock = () => new Date(now);
      const url = (await createObjectStorage({ ...test.options, clock }).presignGet({ key: 'down/2' })).url;
      return (await fetch(url)).status;
    };
    expect(await at(Date.now() - 890_000)).toBe(200);
    expect(await at(Date.now() - (3600 + 901) * 1000)).toBe(403);
  });

  it('names the address where browsers reach the store', async () => {
    const there = createObjectStorage({ ...test.options, publicEndpoint: 'https://pictures.example.com' });
    expect((await there.presignGet({ key: 'k' })).url).toMatch(/^https:\/\/pictures\.example\.com\//);
    there.close();
  });
});

describe('a store that refuses', () => {
  it('is told as such, and not as one that is away', async () => {
    const wrong = createObjectStorage({ ...test.options, secretKey: 'wrong' });
    for (let n = 0; n < 7; n += 1) expect(await codeOf(wrong.get('k', { maxBytes: 1 }))).toBe('refused');
    expect(wrong.isUp()).toBe(true);
    wrong.close();
    const elsewhere = createObjectStorage({ ...test.options, bucket: `${test.options.bucket}-none` });
    expect(await codeOf(elsewhere.put({ key: 'k', body: Buffer.from('x'), ...PNG }))).toBe('refused');
    elsewhere.close();
  });

  it('may be prepared again and again, also by two at once', async () => {
    const o = { ...test.options, bucket: `${test.options.bucket}-2` };
    const other = createObjectStorage(o);
    await Promise.all([1, 2, 3].map(() => other.ensureBucket({ corsOrigins: [] })));
    await other.put({ key: 'k', body: Buffer.from('x'), ...PNG });
    expect(await other.head('k')).toMatchObject({ bytes: 1 });
    other.close();
    await dropBucket({ ...test.engines.s3, bucket: o.bucket });
  });
});
