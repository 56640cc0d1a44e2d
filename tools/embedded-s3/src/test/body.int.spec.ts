import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256, sign } from '../auth/signature.ts';
import { openEmbedded, presign, send } from './s3.fixture.ts';
import { EMPTY, signByHand as signed } from './sign-by-hand.fixture.ts';

/** Bodies that are not what was announced, signed or framed. */
let s3: Awaited<ReturnType<typeof openEmbedded>>;
beforeAll(async () => void (s3 = await openEmbedded()));
afterAll(() => s3.stop());

const listed = async (): Promise<string[]> =>
  ((await s3.client.send(new ListObjectsV2Command({ Bucket: s3.bucket }))).Contents ?? []).map(({ Key }) => Key!);

describe('a body', () => {
  const put = (headers: Record<string, string>, payloadHash = 'UNSIGNED-PAYLOAD') =>
    signed(s3, { method: 'PUT', target: `/${s3.bucket}/body/x`, headers, payloadHash });
  const codeFor = async (headers: Record<string, string>, body: string, payloadHash?: string) =>
    (await send({ ...put(headers, payloadHash), body })).code;
  const unsigned = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
  const framed = (body: string, more: Record<string, string> = {}, decoded = '5') =>
    codeFor(
      {
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': decoded,
        'content-length': String(body.length),
        ...more,
      },
      body,
      unsigned,
    );
  const TRAILER = { 'x-amz-trailer': 'x-amz-checksum-crc32' };

  it('in aws-chunked frames is taken as it is, and not as soon as one thing is off', async () => {
    expect(await framed('5\r\nhello\r\n0\r\n\r\n')).toBeUndefined();
    expect(await framed('2\r\nhe\r\n3\r\nllo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n', TRAILER)).toBeUndefined();
    const refused: [Promise<string | undefined>, string][] = [
      [framed('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhw==\r\n\r\n', TRAILER), 'BadDigest'],
      [framed('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:non-sense\r\n\r\n', TRAILER), 'InvalidArgument'],
      [framed('5\r\nhello\r\n0\r\n\r\n', TRAILER), 'MalformedTrailerError'],
      [framed('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n'), 'MalformedTrailerError'],
      [framed('5\r\nhello\r\n0\r\nx-amz-meta-a:b\r\n\r\n', TRAILER), 'MalformedTrailerError'],
      [framed('5\r\nhello\r\n0\r\n'), 'IncompleteBody'],
      [framed('5\r\nhello\r\n'), 'IncompleteBody'],
      [framed('6\r\nhello\r\n0\r\n\r\n'), 'IncompleteBody'],
      [framed('4\r\nhello\r\n0\r\n\r\n'), 'InvalidRequest'],
      [framed('-5\r\nhello\r\n0\r\n\r\n'), 'InvalidRequest'],
      [framed('5\r\nhello\r\n0\r\n\r\nmore'), 'InvalidRequest'],
      [framed('5;chunk-signature=' + '0'.repeat(64) + '\r\nhello\r\n0\r\n\r\n'), 'InvalidRequest'],
      [framed('5' + ' '.repeat(2000) + '\r\nhello\r\n0\r\n\r\n'), 'InvalidRequest'],
      [framed('5\r\nhello\r\n0\r\n\r\n', {}, '4'), 'IncompleteBody'],
      [framed('5\r\nhello\r\n0\r\n\r\n', {}, '6'), 'IncompleteBody'],
      [framed('ffffffff\r\nhello', {}, '5'), 'IncompleteBody'],
      [framed('5\r\nhello\r\n0\r\n\r\n', {}, 'x'), 'MissingContentLength'],
      [framed('5\r\nhello\r\n0\r\n\r\n', {}, '9999999999999'), 'EntityTooLarge'],
    ];
    for (const [found, code] of refused) expect(await found).toBe(code);
    expect(await codeFor({ 'content-length': '5' }, 'hello', 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD')).toBe(
      'NotImplemented',
    );
    expect(await codeFor({ 'content-length': '5' }, 'hello', 'nonsense')).toBe('InvalidArgument');
    expect(await codeFor({ 'transfer-encoding': 'chunked' }, 'hello')).toBe('NotImplemented');
  });

  it('in signed frames is taken only with every signature right', async () => {
    const announce = {
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': '70005',
    };
    const big = 'x'.repeat(70_000);
    const upload = async (change: (body: string) => string, trailer: boolean) => {
      const hash = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer ? '-TRAILER' : ''}`;
      const request = put({ ...announce, ...(trailer ? TRAILER : {}) }, hash);
      let previous = request.signature;
      const chunk = (data: string): string => {
        previous = sign(request.signing, 'AWS4-HMAC-SHA256-PAYLOAD', [previous, EMPTY, sha256(data)]);
        return `${data.length.toString(16)};chunk-signature=${previous}\r\n${data}${data ? '\r\n' : ''}`;
      };
      let body = chunk(big) + chunk('hello') + chunk('');
      if (trailer) {
        const line = `x-amz-checksum-crc32:${crc}`;
        body += `${line}\r\nx-amz-trailer-signature:${sign(request.signing, 'AWS4-HMAC-SHA256-TRAILER', [previous, sha256(`${line}\n`)])}\r\n`;
      }
      return (await send({ ...request, body: change(`${body}\r\n`) })).code;
    };
    const whole = new PutObjectCommand({ Bucket: s3.bucket, Key: 'body/whole', Body: `${big}hello` });
    const crc = (await s3.client.send(whole)).ChecksumCRC32!;
    const flip = (text: string, at: number): string =>
      text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1);

    for (const trailer of [false, true]) {
      expect(await upload((body) => body, trailer)).toBeUndefined();
      expect(await upload((body) => body.replace('hello', 'jello'), trailer)).toBe('SignatureDoesNotMatch');
      expect(await upload((body) => flip(body, body.indexOf('signature=') + 10), trailer)).toBe(
        'SignatureDoesNotMatch',
      );
      expect(await upload((body) => flip(body, body.lastIndexOf('chunk-signature=') + 16), trailer)).toBe(
        'SignatureDoesNotMatch',
      );
      expect(await upload((body) => body.replace(/;chunk-signature=\w+/, ''), trailer)).toBe('InvalidRequest');
    }
    expect(await upload((body) => flip(body, body.indexOf('trailer-signature:') + 18), true)).toBe(
      'SignatureDoesNotMatch',
    );
    expect(await upload((body) => body.replace(/x-amz-trailer-signature:\w+\r\n/, ''), true)).toBe(
      'SignatureDoesNotMatch',
    );
    expect(await upload((body) => body.replace(crc, 'AAAAAA=='), true)).toBe('SignatureDoesNotMatch');
    expect(
      await upload((body) => body.replace('\r\nx-amz-checksum', '\r\nx-amz-other:1\r\nx-amz-checksum'), true),
    ).toMatch(/SignatureDoesNotMatch/);
  });

  it('whose hash was signed is refused when it is another', async () => {
    expect(await codeFor({ 'content-length': '5' }, 'hello', sha256('hello'))).toBeUndefined();
    expect(await codeFor({ 'content-length': '5' }, 'jello', sha256('hello'))).toBe('XAmzContentSHA256Mismatch');
  });

  it('that a client asks about first is asked for, and taken', async () => {
    const request = put({ 'content-length': '5' });
    const socket = connect(Number(new URL(s3.endpoint).port), '127.0.0.1');
    const heard = () => new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
    const lines = Object.entries({ ...request.headers, expect: '100-continue' }).map((pair) => pair.join(': '));
    socket.write(`PUT /${s3.bucket}/body/x HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    expect(await heard()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write('hello');
    expect(await heard()).toMatch(/^HTTP\/1\.1 200 OK/);
    socket.destroy();
  });

  it('announced as larger than S3 takes is refused before it is sent', async () => {
    const request = put({ 'content-length': String(6 * 2 ** 30) });
    const { port } = new URL(s3.endpoint);
    const socket = connect(Number(port), '127.0.0.1');
    const lines = Object.entries({ ...request.headers, expect: '100-continue' }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    socket.write(`PUT /${s3.bucket}/body/x HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    const [first] = (await new Promise<Buffer[]>((resolve) => socket.once('data', (data) => resolve([data])))) as [
      Buffer,
    ];
    socket.destroy();
    expect(String(first)).toMatch(/^HTTP\/1\.1 400 Bad Request[^]*EntityTooLarge/);
  });

  it('that is refused is heard to its end, so that the client hears why', async () => {
    const large = Buffer.alloc(10 << 20);
    const url = `${s3.endpoint}/${s3.bucket}/body/refused`;
    for (let n = 0; n < 10; n += 1) {
      const headers = { 'content-length': String(large.length) };
      expect((await send({ method: 'PUT', url, headers, body: large })).code).toBe('AccessDenied');
    }
    const stored = put({ 'content-length': String(large.length), 'if-none-match': '*' });
    expect((await send({ ...stored, body: large })).code).toBe('PreconditionFailed');
  });

  it('that breaks off leaves nothing', async () => {
    const before = await listed();
    const { hostname, port } = new URL(s3.endpoint);
    const url = await presign(
      s3,
      new PutObjectCommand({
        Bucket: s3.bucket,
        Key: 'body/broken',
        ContentType: 'image/png',
        ContentLength: 1_000_000,
      }),
    );
    const socket = connect(Number(port), hostname);
    socket.write(
      `PUT ${url.slice(s3.endpoint.length)} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: image/png\r\ncontent-length: 1000000\r\n\r\n${'x'.repeat(500_000)}`,
    );
    const unfinished = join(s3.dataDir, 'unfinished-uploads');
    for (let tries = 0; readdirSync(unfinished).length === 0 && tries < 100; tries += 1) await sleep(20);
    expect(readdirSync(unfinished)).toHaveLength(1);
    socket.destroy();
    for (let tries = 0; readdirSync(unfinished).length > 0 && tries < 100; tries += 1) await sleep(20);
    expect(readdirSync(unfinished)).toEqual([]);
    expect(await listed()).toEqual(before);
  });
});
