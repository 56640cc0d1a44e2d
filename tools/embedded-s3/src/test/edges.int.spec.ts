import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../auth/signature.ts';
import { codeOf, openEmbedded, send, signedBySdk } from './s3.fixture.ts';
import type { RawAnswer } from './s3.fixture.ts';
import { signByHand as signed } from './sign-by-hand.fixture.ts';

/** What this endpoint refuses, for its own reasons or more strictly than Amazon's: on the embedded one only. */
let s3: Awaited<ReturnType<typeof openEmbedded>>;
beforeAll(async () => void (s3 = await openEmbedded()));
afterAll(() => s3.stop());

const ask = (method: string, target: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  send(signed(s3, { method, target, headers }));

const listed = async (): Promise<string[]> =>
  ((await s3.client.send(new ListObjectsV2Command({ Bucket: s3.bucket }))).Contents ?? []).map(({ Key }) => Key!);

describe('a key', () => {
  it.each([
    ['%2e%2e/x', 'InvalidArgument'],
    ['../x', 'InvalidArgument'],
    ['a/../../x', 'InvalidArgument'],
    ['a%2F..%2F..%2Fx', 'InvalidArgument'],
    ['..', 'InvalidArgument'],
    ['a/./b', 'InvalidArgument'],
    ['a//b', 'InvalidArgument'],
    ['a/', 'InvalidArgument'],
    ['%2Fa', 'InvalidArgument'],
    ['a%00b', 'InvalidArgument'],
    ['a%0Ab', 'InvalidArgument'],
    ['a%C2%85', 'InvalidArgument'],
    ['%ff', 'InvalidURI'],
    ['%c0%ae%c0%ae/x', 'InvalidURI'],
    ['%zz', 'InvalidURI'],
    ['x'.repeat(1025), 'KeyTooLongError'],
    ['%C3%A9'.repeat(513), 'KeyTooLongError'],
  ])('such as %s is refused', async (key, code) => {
    const target = `/${s3.bucket}/${key}`;
    const sent =
      code === 'InvalidURI'
        ? { ...signed(s3, { method: 'PUT', target: '/x' }), url: s3.endpoint + target }
        : signed(s3, { method: 'PUT', target, headers: { 'content-length': '0' } });
    const answer = await send(sent);
    expect([answer.status, answer.code]).toEqual([400, code]);
  });

  it('that only looks strange is a name and nothing else', async () => {
    const keys = ['...', '..x/x..', 'a\\..\\b', '%2e%2e', '~', 'é', '😀', 'a:b?c#d', 'x'.repeat(1024), '.git/HEAD'];
    await Promise.all(keys.map((Key) => s3.client.send(new PutObjectCommand({ Bucket: s3.bucket, Key, Body: Key }))));
    expect((await listed()).sort()).toEqual([...keys].sort());
    const files = readdirSync(join(s3.dataDir, 'buckets', s3.bucket)).sort();
    const hashes = keys.map((key) => createHash('sha256').update(key).digest('hex'));
    expect(files).toEqual([...hashes, 'bucket.json'].sort());
  });

  it.each(['UPPER', 'ab', 'a..b', '-ab', '1.2.3.4', '%2e%2e', 'a%2Fb', 'x'.repeat(64)])(
    'in a bucket such as %s is none',
    async (bucket) => {
      const create = await ask('PUT', `/${bucket}`, { 'content-length': '0' });
      expect([create.status, create.code]).toEqual([400, 'InvalidBucketName']);
    },
  );
});

describe('what is not implemented', () => {
  it.each([
    ['GET', 'k?acl'],
    ['GET', 'k?versionId=1'],
    ['PUT', 'k?tagging'],
    ['POST', 'k?uploads'],
    ['PUT', 'k?partNumber=1&uploadId=x'],
    ['GET', '?location'],
    ['GET', '?list-type=1'],
    ['GET', ''],
    ['DELETE', '?cors'],
    ['POST', ''],
  ])('is refused as such: %s %s', async (method, rest) => {
    const answer = await ask(method, `/${s3.bucket}/${rest}`);
    expect([answer.status, answer.code]).toEqual([501, 'NotImplemented']);
  });

  it.each([
    'x-amz-acl',
    'x-amz-tagging',
    'x-amz-server-side-encryption',
    'x-amz-storage-class',
    'x-amz-checksum-crc64nvme',
  ])('such as %s of an upload is not passed over', async (name) => {
    const answer = await ask('PUT', `/${s3.bucket}/no`, { [name]: 'AES256', 'content-length': '0' });
    expect([answer.status, answer.code]).toEqual([501, 'NotImplemented']);
  });

  it('tells methods that mean nothing', async () => {
    for (const method of ['PATCH', 'POST'])
      expect((await ask(method, `/${s3.bucket}/k`)).code).toBe('MethodNotAllowed');
  });
});

describe('a malformed request', () => {
  it.each([
    ['no HTTP', 'nonsense\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['an absolute address', 'GET http://127.0.0.1/ HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['bytes that are no URL', 'GET /\xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['a header of 20 KB', `GET / HTTP/1.1\r\nhost: x\r\nx-amz-meta-a: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['a header twice', 'GET / HTTP/1.1\r\nhost: x\r\nx-amz-date: 1\r\nx-amz-date: 2\r\n\r\n'],
    ['a parameter twice', 'GET /?a=1&a=2 HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['two lengths', 'PUT /b/k HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a preflight of nothing', 'OPTIONS / HTTP/1.1\r\nhost: x\r\n\r\n'],
  ])('with %s is answered with 4xx and ends nothing', async (_, text) => {
    const socket = connect(Number(new URL(s3.endpoint).port), '127.0.0.1');
    socket.write(text, 'latin1');
    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await codeOf(s3.client.send(new ListObjectsV2Command({ Bucket: s3.bucket })))).toBe('no error');
  });

  it('such as XML that is none, or means nothing, is refused', async () => {
    for (const body of [
      '',
      '<',
      '<Delete>',
      '<Delete/>',
      '<!DOCTYPE a [<!ENTITY b "c">]><Delete/>',
      '<Delete><Object><Key>&b;</Key></Object></Delete>',
      '<a>'.repeat(100),
    ]) {
      const request = signed(s3, {
        method: 'POST',
        target: `/${s3.bucket}?delete`,
        headers: { 'content-length': String(body.length) },
        payloadHash: sha256(body),
      });
      expect((await send({ ...request, body })).code).toBe('MalformedXML');
    }
  });

  it('lets no browser take an object for another type than it has', async () => {
    await s3.client.send(
      new PutObjectCommand({ Bucket: s3.bucket, Key: 'h', Body: '<script>', ContentType: 'image/png' }),
    );
    const answer = await fetch(await getSignedUrl(s3.client, new GetObjectCommand({ Bucket: s3.bucket, Key: 'h' })));
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-type')).toBe('image/png');
  });

  it('has answers that cannot be told in a header refused', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket: s3.bucket, Key: 'h', Body: 'x' }));
    for (const value of ['a%0D%0Ab%3A%20c', '%C3%A9', '%F0%9F%98%80']) {
      const answer = await ask('GET', `/${s3.bucket}/h?response-content-disposition=${value}`);
      expect([answer.status, answer.code]).toEqual([400, 'InvalidArgument']);
    }
  });

  it('without a header that was signed as empty is another request', async () => {
    const request = signed(s3, {
      method: 'GET',
      target: `/${s3.bucket}?list-type=2`,
      headers: { 'if-none-match': '' },
    });
    const { 'if-none-match': _, ...headers } = request.headers as Record<string, string>;
    expect((await send(request)).status).toBe(200);
    expect((await send({ ...request, headers })).code).toBe('SignatureDoesNotMatch');
  });

  it('with a session token, both ways to sign, or an old way is refused', async () => {
    const request = await signedBySdk(s3.client, new PutObjectCommand({ Bucket: s3.bucket, Key: 'k', Body: 'x' }));
    const withToken = { ...request, headers: { ...request.headers, 'x-amz-security-token': 'x' } };
    expect((await send(withToken)).code).toBe('InvalidToken');
    expect((await send({ ...request, url: `${request.url}&X-Amz-Algorithm=AWS4-HMAC-SHA256` })).code).toBe(
      'InvalidRequest',
    );
    const old = { ...request.headers, authorization: `AWS ${s3.accessKey}:x` };
    expect((await send({ ...request, headers: old })).code).toBe('InvalidRequest');
  });
});
