import { describe, expect, it } from 'vitest';
import { decodeAwsChunked } from '../body/aws-chunked.ts';
import { ByteReader } from '../body/byte-reader.ts';
import type { S3Error } from '../errors.ts';
import { parseRequest } from '../request.ts';
import { authenticate } from './authenticate.ts';
import { signingKey } from './signature.ts';

/** The account and the examples of Amazon's S3 API reference, "Signature calculations". */
const ACCOUNT = {
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
};
const SCOPE = '20130524/us-east-1/s3/aws4_request';
const AT = Date.UTC(2013, 4, 24);
const HOUR = 3_600_000;

const PRESIGNED =
  '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
  '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
  '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';

const ask = (method: string, url: string, headers: Record<string, string> = {}) =>
  parseRequest({
    method,
    url,
    rawHeaders: Object.entries({ Host: 'examplebucket.s3.amazonaws.com', ...headers }).flat(),
  });

const authorization = (signedHeaders: string, signature: string) =>
  `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/${SCOPE},SignedHeaders=${signedHeaders},Signature=${signature}`;

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'no error';
  } catch (error) {
    return `${(error as S3Error).code}: ${(error as S3Error).message}`;
  }
};

describe('authenticate', () => {
  it('takes the presigned URL of the reference from 15 minutes before its time until it expires', () => {
    const at = (now: number) => codeOf(() => authenticate(ask('GET', PRESIGNED), ACCOUNT, now));
    expect(at(AT)).toBe('no error');
    expect(at(AT - HOUR / 4)).toBe('no error');
    expect(at(AT - HOUR / 4 - 1)).toBe('AccessDenied: Request is not valid yet');
    expect(at(AT + 24 * HOUR)).toBe('no error');
    expect(at(AT + 24 * HOUR + 1)).toBe('AccessDenied: Request has expired');
  });

  it('takes the signed GET and PUT of the reference within 15 minutes', () => {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const get = ask('GET', '/test.txt', {
      Authorization: authorization(
        'host;range;x-amz-content-sha256;x-amz-date',
        'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      ),
      Range: 'bytes=0-9',
      'x-amz-content-sha256': empty,
      'x-amz-date': '20130524T000000Z',
    });
    expect(authenticate(get, ACCOUNT, AT + HOUR / 4).payload).toEqual({ kind: 'hashed', sha256: empty });
    expect(codeOf(() => authenticate(get, ACCOUNT, AT + HOUR / 4 + 1))).toMatch(/^RequestTimeTooSkewed/);
    expect(codeOf(() => authenticate(get, ACCOUNT, AT - HOUR / 4 - 1))).toMatch(/^RequestTimeTooSkewed/);
    const put = ask('PUT', '/test%24file.text', {
      Authorization: authorization(
        'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
        '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
      ),
      Date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-date': '20130524T000000Z',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
    });
    expect(authenticate(put, ACCOUNT, AT).signature).toMatch(/^98ad/);
  });

  it('refuses a signature of none of the headers that decide', () => {
    const one = (headers: string) => PRESIGNED.replace('SignedHeaders=host', `SignedHeaders=${headers}`);
    const check = (url: string, more = {}) => codeOf(() => authenticate(ask('GET', url, more), ACCOUNT, AT));
    expect(check(one('range'))).toMatch(/^AccessDenied: There were headers/);
    expect(check(PRESIGNED, { 'x-amz-acl': 'private' })).toMatch(/^AccessDenied: There were headers/);
    expect(check(one('host;host'))).toMatch(/^AuthorizationQueryParametersError/);
    expect(check(one('Host'))).toMatch(/^AuthorizationQueryParametersError/);
    expect(check(one('host;range'))).toMatch(/^SignatureDoesNotMatch/);
  });
});

describe('decodeAwsChunked', () => {
  const seed = {
    signing: { at: '20130524T000000Z', scope: SCOPE, key: signingKey(ACCOUNT.secretKey, SCOPE) },
    signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  };
  const chunk = (size: number, signature: string) =>
    `${size.toString(16)};chunk-signature=${signature}\r\n${'a'.repeat(size)}\r\n`;
  const body =
    chunk(65_536, 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648') +
    chunk(1024, '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497') +
    chunk(0, 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9');

  async function decode(text: string, pieceBytes: number): Promise<string> {
    async function* source(): AsyncGenerator<Buffer> {
      for (let at = 0; at < text.length; at += pieceBytes) yield Buffer.from(text.slice(at, at + pieceBytes));
    }
    let data = '';
    const reader = new ByteReader(source());
    for await (const piece of decodeAwsChunked({ reader, seed, mayTrail: false, trailers: new Map() }))
      data += piece.toString();
    return data;
  }

  it.each([1, 7, 1000, 65_000, 1_000_000])(
    'reads the chunks of the reference, come in pieces of %i bytes',
    async (size) => {
      expect(await decode(body, size)).toBe('a'.repeat(66_560));
    },
  );

  it('refuses the same chunks with one byte changed, without the last, or in another order', async () => {
    await expect(decode(body.replace('aaaa', 'aaab'), 1000)).rejects.toThrow(/signature of a chunk/);
    await expect(decode(body.slice(0, body.indexOf('0;chunk')), 1000)).rejects.toThrow(/number of bytes/);
    const second = body.indexOf('400;chunk');
    const last = body.indexOf('0;chunk-signature=b6');
    const swapped = body.slice(second, last) + body.slice(0, second) + body.slice(last);
    await expect(decode(swapped, 1000)).rejects.toThrow(/signature of a chunk/);
  });
});
