import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketCorsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, openS3, presign, send } from './s3.fixture.ts';
import type { TestS3 } from './s3.fixture.ts';

/** What any S3 does, as far as Parley uses it: run with S3_ENDPOINT for another than the embedded one. */
let s3: TestS3;
beforeAll(async () => void (s3 = await openS3()));
afterAll(() => s3.stop());

const at = (key: string) => ({ Bucket: s3.bucket, Key: key });
const put = (key: string, more: object = {}) =>
  s3.client.send(new PutObjectCommand({ ...at(key), Body: 'x', ...more }));
/** The object with its data read, since an answer that nobody reads keeps its connection. */
const get = async (key: string, more: object = {}) => {
  const found = await s3.client.send(new GetObjectCommand({ ...at(key), ...more }));
  const data = Buffer.from(await found.Body!.transformToByteArray());
  return { ...found, data, text: data.toString() };
};
const md5 = (data: Buffer): string => `"${createHash('md5').update(data).digest('hex')}"`;

describe('an object', () => {
  it('comes back as it was put, with its headers and metadata', async () => {
    const Body = randomBytes(100_000);
    const told = await put('a/b.bin', {
      Body,
      ContentType: 'image/png',
      CacheControl: 'private, max-age=60',
      ContentDisposition: 'inline',
      Metadata: { owner: 'somebody', two: 'words  here' },
    });
    expect(told.ETag).toBe(md5(Body));
    const found = await get('a/b.bin');
    expect(found.data.equals(Body)).toBe(true);
    expect(found).toMatchObject({
      ContentType: 'image/png',
      CacheControl: 'private, max-age=60',
      ContentDisposition: 'inline',
      ContentLength: 100_000,
      ETag: told.ETag,
      AcceptRanges: 'bytes',
      ChecksumCRC32: told.ChecksumCRC32,
    });
    expect(found.Metadata).toMatchObject({ owner: 'somebody' });
    const head = await s3.client.send(new HeadObjectCommand(at('a/b.bin')));
    expect(head).toMatchObject({ ContentLength: 100_000, ETag: told.ETag, ContentType: 'image/png' });
    expect(Math.abs(head.LastModified!.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('may come in as a stream (aws-chunked with a trailing checksum), large, or empty', async () => {
    const large = randomBytes(12 << 20);
    await put('large', { Body: Readable.from(pieces(large)), ContentLength: large.length });
    const streamed = await get('large');
    expect(streamed.data.equals(large)).toBe(true);
    expect(streamed.ContentEncoding).toBeUndefined();
    // Above 2 MiB the SDK asks first whether it may send ("Expect: 100-continue").
    await put('large', { Body: large.subarray(0, 5 << 20) });
    expect((await get('large')).ContentLength).toBe(5 << 20);
    await put('empty', { Body: '' });
    expect((await get('empty')).text).toBe('');
  });

  it.each(['CRC32', 'SHA1', 'SHA256'] as const)('is checked by %s, whole or streamed', async (ChecksumAlgorithm) => {
    await put('checked', { Body: 'hello', ChecksumAlgorithm });
    await put('checked', { Body: Readable.from([Buffer.from('hello')]), ContentLength: 5, ChecksumAlgorithm });
    const wrong = { [`Checksum${ChecksumAlgorithm}`]: await checksumOf('other', ChecksumAlgorithm) };
    expect(await codeOf(put('refused', { Body: 'hello', ...wrong }))).toBe('BadDigest');
    expect(await codeOf(put('refused', { ContentMD5: createHash('md5').update('y').digest('base64') }))).toBe(
      'BadDigest',
    );
    expect(await codeOf(get('refused'))).toBe('NoSuchKey');
  });

  it('is created once under If-None-Match: *, also by many at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, n) => codeOf(put('once', { Body: String(n), IfNoneMatch: '*' }))),
    );
    // S3 itself may tell some of those that meet that they conflict.
    expect(all.filter((code) => code === 'no error')).toHaveLength(1);
    expect(all.filter((code) => code === 'PreconditionFailed' || code === 'ConditionalRequestConflict')).toHaveLength(
      7,
    );
    expect((await get('once')).text).toBe(String(all.indexOf('no error')));
  });

  it('is given in part, and only under conditions', async () => {
    const { ETag } = await put('range', { Body: '0123456789' });
    const part = async (Range: string) => (await get('range', { Range })).text;
    expect(await Promise.all(['bytes=2-4', 'bytes=8-', 'bytes=-3', 'bytes=5-99'].map(part))).toEqual([
      '234',
      '89',
      '789',
      '56789',
    ]);
    expect(await get('range', { Range: 'bytes=2-4' })).toMatchObject({
      ContentRange: 'bytes 2-4/10',
      ContentLength: 3,
    });
    expect(await codeOf(get('range', { Range: 'bytes=10-' }))).toBe('InvalidRange');
    expect(await codeOf(get('range', { IfMatch: '"other"' }))).toBe('PreconditionFailed');
    expect((await get('range', { IfMatch: ETag })).ContentLength).toBe(10);
    expect(await codeOf(get('range', { IfNoneMatch: ETag }))).toMatch(/304|NotModified|UnknownError|Unknown/);
  });

  it('is copied, with its metadata or other', async () => {
    const name = 'ordner/é +&<>"\'%20(1)~!*.txt';
    await put(name, { Body: 'text', ContentType: 'text/plain', Metadata: { a: '1' } });
    const CopySource = `${s3.bucket}/${encodeURIComponent(name)}`;
    await s3.client.send(new CopyObjectCommand({ ...at('copy'), CopySource }));
    expect(await get('copy')).toMatchObject({ ContentType: 'text/plain', Metadata: { a: '1' } });
    await s3.client.send(
      new CopyObjectCommand({ ...at('copy'), CopySource, MetadataDirective: 'REPLACE', ContentType: 'image/gif' }),
    );
    const copy = await get('copy');
    expect(copy).toMatchObject({ ContentType: 'image/gif', Metadata: {} });
    expect(copy.text).toBe('text');
    const missing = new CopyObjectCommand({ ...at('copy'), CopySource: `${s3.bucket}/none` });
    expect(await codeOf(s3.client.send(missing))).toBe('NoSuchKey');
  });

  it('is deleted, alone or with others, whether it is there or not', async () => {
    await Promise.all(['d/1', 'd/2', 'd/3 <&>'].map((key) => put(key)));
    await s3.client.send(new DeleteObjectCommand(at('d/1')));
    await s3.client.send(new DeleteObjectCommand(at('d/1')));
    expect(await codeOf(get('d/1'))).toBe('NoSuchKey');
    expect(await codeOf(s3.client.send(new HeadObjectCommand(at('d/1'))))).toBe('NotFound');
    const Objects = ['d/2', 'd/3 <&>', 'd/none'].map((Key) => ({ Key }));
    const { Deleted } = await s3.client.send(new DeleteObjectsCommand({ Bucket: s3.bucket, Delete: { Objects } }));
    expect(Deleted!.map(({ Key }) => Key).sort()).toEqual(['d/2', 'd/3 <&>', 'd/none']);
    expect((await s3.client.send(new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: 'd/' }))).KeyCount).toBe(0);
  });
});

describe('a list', () => {
  it('comes in the order of bytes, by prefix, folders and pages', async () => {
    const keys = ['l/b/2', 'l/a', 'l/b/1', 'l/é', 'l/z', 'l/b', 'l/c/1', 'l/Z', 'l/😀', 'l/\uff5e'];
    await Promise.all(keys.map((key) => put(key)));
    const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const found: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.client.send(
        new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: 'l/', MaxKeys: 3, ContinuationToken }),
      );
      found.push(...page.Contents!.map(({ Key }) => Key!));
      expect(page.IsTruncated).toBe(page.NextContinuationToken !== undefined);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(found).toEqual(sorted);

    const folders = await s3.client.send(
      new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: 'l/', Delimiter: '/', StartAfter: 'l/a' }),
    );
    expect(folders.CommonPrefixes!.map(({ Prefix }) => Prefix)).toEqual(['l/b/', 'l/c/']);
    expect(folders.Contents!.map(({ Key }) => Key)).toEqual(['l/b', 'l/z', 'l/é', 'l/\uff5e', 'l/😀']);
    const encoded = await s3.client.send(
      new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: 'l/é', EncodingType: 'url' }),
    );
    expect(encoded.Contents!.map(({ Key }) => Key)).toEqual(['l/%C3%A9']);
  });
});

describe('a bucket', () => {
  it('is made, found, listed, and deleted when it is empty', async () => {
    const Bucket = `${s3.bucket}-2`;
    expect(await codeOf(s3.client.send(new HeadBucketCommand({ Bucket })))).toBe('NotFound');
    expect(await codeOf(s3.client.send(new ListObjectsV2Command({ Bucket })))).toBe('NoSuchBucket');
    await s3.client.send(new CreateBucketCommand({ Bucket }));
    await s3.client.send(new HeadBucketCommand({ Bucket }));
    const { Buckets } = await s3.client.send(new ListBucketsCommand({}));
    expect(Buckets!.map(({ Name }) => Name)).toContain(Bucket);
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    expect(await codeOf(s3.client.send(new DeleteBucketCommand({ Bucket })))).toBe('BucketNotEmpty');
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    await s3.client.send(new DeleteBucketCommand({ Bucket }));
    expect(await codeOf(s3.client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' })))).toBe('NoSuchBucket');
  });
});

describe('a presigned URL', () => {
  it('lets exactly the signed upload through, once', async () => {
    const command = new PutObjectCommand({
      ...at('up/1'),
      ContentType: 'image/png',
      ContentLength: 5,
      IfNoneMatch: '*',
      Metadata: { uploader: 'me' },
    });
    const url = await presign(s3, command);
    const headers = { 'content-type': 'image/png', 'content-length': '5', 'if-none-match': '*' };
    expect((await send({ method: 'PUT', url, headers, body: 'hello' })).status).toBe(200);
    expect(await get('up/1')).toMatchObject({
      ContentType: 'image/png',
      Metadata: { uploader: 'me' },
      ContentLength: 5,
    });
    const again = await send({ method: 'PUT', url, headers, body: 'other' });
    expect([again.status, again.code]).toEqual([412, 'PreconditionFailed']);
    expect((await get('up/1')).text).toBe('hello');
  });

  it('gives an object with the signed answer headers, and its head', async () => {
    await put('down/1', { Body: 'hello', ContentType: 'text/html' });
    const command = {
      ...at('down/1'),
      ResponseContentType: 'image/png',
      ResponseContentDisposition: 'attachment; filename="a b.png"',
    };
    const answer = await send({ method: 'GET', url: await presign(s3, new GetObjectCommand(command)) });
    expect(answer).toMatchObject({ status: 200, text: 'hello' });
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': 'attachment; filename="a b.png"',
    });
    const head = await send({ method: 'HEAD', url: await presign(s3, new HeadObjectCommand(at('down/1'))) });
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', '5']);
  });
});

describe('pages of other origins', () => {
  it('may do what the rules of the bucket say, and can read errors', async () => {
    const CORSRules = [
      {
        AllowedOrigins: ['http://localhost:3000', 'https://*.example.com'],
        AllowedMethods: ['PUT', 'GET'],
        AllowedHeaders: ['content-type', 'if-*'],
        ExposeHeaders: ['ETag'],
        MaxAgeSeconds: 600,
      },
    ];
    const Bucket = s3.bucket;
    expect(await codeOf(s3.client.send(new GetBucketCorsCommand({ Bucket })))).toBe('NoSuchCORSConfiguration');
    await s3.client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    expect((await s3.client.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual(CORSRules);

    const url = await presign(s3, new PutObjectCommand({ ...at('up/cors'), ContentType: 'image/png' }));
    const preflight = (origin: string, method: string, headers: string) =>
      send({
        method: 'OPTIONS',
        url,
        headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': headers },
      });
    const allowed = await preflight('http://localhost:3000', 'PUT', 'content-type,if-none-match');
    expect(allowed.status).toBe(200);
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': 'http://localhost:3000',
      'access-control-max-age': '600',
    });
    expect(allowed.headers['access-control-allow-methods']).toContain('PUT');
    expect(allowed.headers['access-control-allow-headers']).toContain('if-none-match');
    expect((await preflight('https://a.example.com', 'GET', '')).status).toBe(200);
    for (const [origin, method, headers] of [
      ['http://localhost:3001', 'PUT', ''],
      ['http://localhost:3000.evil.com', 'PUT', ''],
      ['http://localhost:3000', 'DELETE', ''],
      ['http://localhost:3000', 'PUT', 'x-amz-acl'],
    ] as const)
      expect((await preflight(origin, method, headers)).status).toBe(403);

    const origin = 'http://localhost:3000';
    const done = await send({ method: 'PUT', url, headers: { origin, 'content-type': 'image/png' }, body: 'x' });
    expect(done.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'ETag',
    });
    const refused = await send({ method: 'PUT', url, headers: { origin, 'content-type': 'text/html' }, body: 'x' });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([403, origin]);
    const foreign = await send({ method: 'GET', url, headers: { origin: 'http://evil.com' } });
    expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
  });
});

function* pieces(data: Buffer): Generator<Buffer> {
  for (let from = 0; from < data.length; from += 70_001) yield data.subarray(from, from + 70_001);
}

async function checksumOf(data: string, algorithm: 'CRC32' | 'SHA1' | 'SHA256'): Promise<string> {
  const { [`Checksum${algorithm}` as const]: value } = await put('other', { Body: data, ChecksumAlgorithm: algorithm });
  return value!;
}
