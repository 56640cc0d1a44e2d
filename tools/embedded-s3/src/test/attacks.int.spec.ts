import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, newClient, openS3, presign, send, signedBySdk } from './s3.fixture.ts';
import type { RawRequest, TestS3 } from './s3.fixture.ts';

/** What any S3 refuses: run with S3_ENDPOINT for another than the embedded one. */
let s3: TestS3;
beforeAll(async () => void (s3 = await openS3()));
afterAll(() => s3.stop());

const MINUTE = 60_000;
const at = (Key: string) => ({ Bucket: s3.bucket, Key });
const refusal = async (request: RawRequest): Promise<[number, string | undefined]> => {
  const { status, code } = await send(request);
  return [status, code];
};
const keys = async (): Promise<string[]> => {
  const { Contents = [] } = await s3.client.send(new ListObjectsV2Command({ Bucket: s3.bucket }));
  return Contents.map(({ Key }) => Key!);
};

describe('a presigned upload', () => {
  const SENT = { 'content-type': 'image/png', 'content-length': '5', 'if-none-match': '*' };
  const signed = (key: string, o: Parameters<typeof presign>[2] = {}) =>
    presign(s3, new PutObjectCommand({ ...at(key), ContentType: 'image/png', ContentLength: 5, IfNoneMatch: '*' }), o);
  const without = (name: keyof typeof SENT) => Object.fromEntries(Object.entries(SENT).filter(([one]) => one !== name));

  it.each<[string, { headers: Record<string, string>; body?: string }]>([
    ['another type', { headers: { ...SENT, 'content-type': 'text/html' } }],
    ['no type', { headers: without('content-type') }],
    ['a shorter body', { headers: { ...SENT, 'content-length': '4' }, body: 'hell' }],
    ['a longer body', { headers: { ...SENT, 'content-length': '6' }, body: 'hello!' }],
    ['no length', { headers: { ...without('content-length'), 'transfer-encoding': 'chunked' } }],
    ['no If-None-Match', { headers: without('if-none-match') }],
    ['another If-None-Match', { headers: { ...SENT, 'if-none-match': '"x"' } }],
  ])('is refused with %s than was signed', async (_, { headers, body = 'hello' }) => {
    const url = await signed('pre/refused');
    expect(await refusal({ method: 'PUT', url, headers, body })).toEqual([403, 'SignatureDoesNotMatch']);
    expect(await keys()).not.toContain('pre/refused');
  });

  it('is refused with what was not signed: an ACL, metadata, another framing', async () => {
    const url = await signed('pre/refused');
    const unsigned: Record<string, string>[] = [
      { 'x-amz-acl': 'public-read' },
      { 'x-amz-meta-owner': 'me' },
      { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
    ];
    for (const extra of unsigned) {
      const [status, code] = await refusal({ method: 'PUT', url, headers: { ...SENT, ...extra }, body: 'hello' });
      expect([400, 403]).toContain(status);
      expect(['AccessDenied', 'InvalidArgument']).toContain(code);
    }
    expect(await keys()).not.toContain('pre/refused');
  });

  it('is refused when it has expired, is not valid yet, or lives too long', async () => {
    const put = (url: string) => refusal({ method: 'PUT', url, headers: SENT, body: 'hello' });
    const old = new Date(Date.now() - 10 * MINUTE);
    expect(await put(await signed('pre/refused', { signingDate: old, expiresIn: 300 }))).toEqual([403, 'AccessDenied']);
    const future = new Date(Date.now() + 20 * MINUTE);
    expect(await put(await signed('pre/refused', { signingDate: future }))).toEqual([403, 'AccessDenied']);
    const long = (await signed('pre/refused')).replace('X-Amz-Expires=300', 'X-Amz-Expires=604801');
    expect(await put(long)).toEqual([400, 'AuthorizationQueryParametersError']);
    expect(await put(await signed('pre/old', { signingDate: old, expiresIn: 3600 }))).toEqual([200, undefined]);
  });

  it('is refused when any part of its URL is another', async () => {
    const url = await signed('pre/refused');
    const tampered: [string, string][] = [
      [url.replace('pre/refused', 'pre/other'), 'SignatureDoesNotMatch'],
      [url.replace(`/${s3.bucket}/`, `/${s3.bucket}x/`), 'SignatureDoesNotMatch'],
      [url.replace('X-Amz-Expires=300', 'X-Amz-Expires=301'), 'SignatureDoesNotMatch'],
      [`${url}&x-amz-meta-owner=me`, 'SignatureDoesNotMatch'],
      [`${url}&response-content-type=text%2Fhtml`, 'SignatureDoesNotMatch'],
      [
        url.replace(/(X-Amz-Signature=)(.)/, (_, name: string, digit: string) => name + (digit === '0' ? '1' : '0')),
        'SignatureDoesNotMatch',
      ],
      [url.replace(/content-length%3B/, ''), 'SignatureDoesNotMatch'],
      [url.replace(/X-Amz-SignedHeaders=[^&]*/, 'X-Amz-SignedHeaders=content-type'), 'AccessDenied'],
      [url.replace(/%2Fs3%2F/, '%2Fsts%2F'), 'AuthorizationQueryParametersError'],
      [url.replace(/&X-Amz-Signature=[^&]*/, ''), 'AuthorizationQueryParametersError'],
      [url.replace('AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA1'), 'AuthorizationQueryParametersError'],
      [url.replace(/\?.*/, ''), 'AccessDenied'],
    ];
    for (const [other, code] of tampered) {
      expect(other).not.toBe(url);
      const found = await refusal({ method: 'PUT', url: other, headers: SENT, body: 'hello' });
      expect([found[1], other]).toEqual([code, other]);
      expect([400, 403]).toContain(found[0]);
    }
    expect(await keys()).not.toContain('pre/refused');
  });

  it('is refused for another method, region or key than signed', async () => {
    const url = await signed('pre/refused');
    for (const method of ['POST', 'GET', 'DELETE', 'HEAD'])
      expect((await send({ method, url, headers: SENT, body: 'hello' })).status).toBe(403);
    const elsewhere = await presign({ ...s3, region: 'eu-north-1' }, new PutObjectCommand(at('pre/refused')));
    expect(await refusal({ method: 'PUT', url: elsewhere, body: 'x' })).toEqual([
      400,
      'AuthorizationQueryParametersError',
    ]);
    const foreign = await presign({ ...s3, accessKey: 'somebody' }, new PutObjectCommand(at('pre/refused')));
    expect(await refusal({ method: 'PUT', url: foreign, body: 'x' })).toEqual([403, 'InvalidAccessKeyId']);
    const guessed = await presign({ ...s3, secretKey: 'guess' }, new PutObjectCommand(at('pre/refused')));
    expect(await refusal({ method: 'PUT', url: guessed, body: 'x' })).toEqual([403, 'SignatureDoesNotMatch']);
  });

  it('cannot be used again once it was', async () => {
    const url = await signed('pre/once');
    expect((await send({ method: 'PUT', url, headers: SENT, body: 'hello' })).status).toBe(200);
    expect(await refusal({ method: 'PUT', url, headers: SENT, body: 'other' })).toEqual([412, 'PreconditionFailed']);
  });

  it('signed by an SDK that adds the checksum of no body takes no body', async () => {
    const input = { ...at('pre/refused'), ContentType: 'image/png', ChecksumCRC32: 'AAAAAA==' };
    const url = await presign(s3, new PutObjectCommand(input));
    expect(url).toContain('x-amz-checksum-crc32');
    const headers = { 'content-type': 'image/png' };
    expect(await refusal({ method: 'PUT', url, headers, body: 'hello' })).toEqual([400, 'BadDigest']);
    expect(await keys()).not.toContain('pre/refused');
  });
});

describe('a request with an Authorization header', () => {
  const put = (Body: string, more: object = {}) => new PutObjectCommand({ ...at('head/refused'), Body, ...more });

  it('is refused when header, query, path or method is another than signed', async () => {
    const request = await signedBySdk(s3.client, put('hello', { Metadata: { a: 'b' } }));
    const { headers, url } = request;
    const tampered: [Partial<RawRequest>, string][] = [
      [{ headers: { ...headers, 'x-amz-meta-a': 'c' } }, 'SignatureDoesNotMatch'],
      [{ headers: { ...headers, 'x-amz-meta-c': 'd' } }, 'AccessDenied'],
      [{ headers: { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }, 'SignatureDoesNotMatch'],
      [{ headers: { ...headers, host: 'localhost' } }, 'SignatureDoesNotMatch'],
      [{ url: `${url}&tagging=` }, 'SignatureDoesNotMatch'],
      [{ url: url.replace('refused', 'other') }, 'SignatureDoesNotMatch'],
      [{ method: 'POST' }, 'SignatureDoesNotMatch'],
      [
        { headers: { ...headers, authorization: headers['authorization']!.replace('aws4_request', 'aws5') } },
        'AuthorizationHeaderMalformed',
      ],
      [{ headers: { ...headers, authorization: 'AWS4-HMAC-SHA256 nonsense' } }, 'AuthorizationHeaderMalformed'],
      [
        { headers: { ...headers, authorization: headers['authorization']!.replace(s3.accessKey, 'other') } },
        'InvalidAccessKeyId',
      ],
    ];
    for (const [change, code] of tampered) {
      const [status, found] = await refusal({ ...request, ...change });
      expect([found, change]).toEqual([code, change]);
      expect([400, 403]).toContain(status);
    }
    expect(await keys()).not.toContain('head/refused');
  });

  it('is refused when its body is not the one that was signed', async () => {
    const request = await signedBySdk(s3.client, put('hello'));
    const [status, code] = await refusal({ ...request, body: 'jello' });
    expect(status).toBe(400);
    expect(['XAmzContentSHA256Mismatch', 'BadDigest']).toContain(code);
    expect(await keys()).not.toContain('head/refused');
  });

  it('is refused by a clock that is more than 15 minutes off, either way', async () => {
    const client = newClient(s3);
    for (const offset of [-20 * MINUTE, 20 * MINUTE]) {
      client.config.systemClockOffset = offset;
      // The SDK corrects its clock once it is told, so each error counts for itself.
      expect(await codeOf(client.send(put('x')))).toBe('RequestTimeTooSkewed');
    }
    client.destroy();
  });

  it('is refused for another region, secret or access key', async () => {
    const codeWith = async (more: object) => codeOf(newClient(s3, more).send(put('x')));
    expect(await codeWith({ region: 'eu-north-1' })).toBe('AuthorizationHeaderMalformed');
    expect(await codeWith({ secretKey: 'other' })).toBe('SignatureDoesNotMatch');
    expect(await codeWith({ accessKey: 'other' })).toBe('InvalidAccessKeyId');
  });
});

describe('nobody', () => {
  it('can read, write, list or delete', async () => {
    await s3.client.send(new PutObjectCommand({ ...at('secret'), Body: 'x' }));
    const object = `${s3.endpoint}/${s3.bucket}/secret`;
    const form = { 'content-type': 'multipart/form-data; boundary=x' };
    const requests: RawRequest[] = [
      { method: 'GET', url: object },
      { method: 'PUT', url: object, body: 'y' },
      { method: 'DELETE', url: object },
      { method: 'POST', url: `${s3.endpoint}/${s3.bucket}`, headers: form, body: '--x\r\n\r\n--x--' },
      { method: 'GET', url: `${s3.endpoint}/${s3.bucket}?list-type=2` },
      { method: 'PUT', url: `${s3.endpoint}/${s3.bucket}x` },
      { method: 'GET', url: `${s3.endpoint}/` },
    ];
    for (const request of requests) {
      const [status, code] = await refusal(request);
      expect([status, code, request.url]).toEqual([403, 'AccessDenied', request.url]);
    }
    expect((await send({ method: 'HEAD', url: object })).status).toBe(403);
    expect(await keys()).toContain('secret');
  });
});

describe('a checksum', () => {
  it('that is wrong, or none, refuses the upload', async () => {
    const put = (more: object) => new PutObjectCommand({ ...at('sum/refused'), Body: 'hello', ...more });
    const md5 = createHash('md5').update('other').digest('base64');
    expect(await codeOf(s3.client.send(put({ ContentMD5: md5 })))).toBe('BadDigest');
    expect(await codeOf(s3.client.send(put({ ContentMD5: 'nonsense' })))).toBe('InvalidDigest');
    expect(await codeOf(s3.client.send(put({ ChecksumCRC32: 'AAAAAA==' })))).toBe('BadDigest');
    expect(await keys()).not.toContain('sum/refused');
  });
});

describe('a presigned download', () => {
  it('is refused when expired, tampered with, or for another object', async () => {
    await s3.client.send(new PutObjectCommand({ ...at('down/a'), Body: 'x' }));
    const old = new Date(Date.now() - 10 * MINUTE);
    const expired = await presign(s3, new GetObjectCommand(at('down/a')), { signingDate: old, expiresIn: 60 });
    expect(await refusal({ method: 'GET', url: expired })).toEqual([403, 'AccessDenied']);
    const url = await presign(s3, new GetObjectCommand({ ...at('down/a'), ResponseContentType: 'image/png' }));
    for (const other of [
      url.replace('down/a', 'down/b'),
      url.replace('image%2Fpng', 'text%2Fhtml'),
      `${url}&versionId=1`,
    ])
      expect(await refusal({ method: 'GET', url: other })).toEqual([403, 'SignatureDoesNotMatch']);
    const head = await presign(s3, new HeadObjectCommand(at('down/a')));
    expect(await refusal({ method: 'GET', url: head })).toEqual([403, 'SignatureDoesNotMatch']);
  });
});
