import { generateKeyPairSync, verify } from 'node:crypto';
import { createLogger } from '@parley/service-kit';
import { describe, expect, it } from 'vitest';
import { createCloudFrontSigner, isCloudFrontKey } from './cloudfront-signer.ts';
import { createObjectStorage } from './create-object-storage.ts';

const rsa = (modulusLength: number) =>
  generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const { publicKey, privateKey } = rsa(2048);
const cloudFront = { domain: 'd111111abcdef8.cloudfront.net', keyPairId: 'K2JCJMDEHXQW5F', privateKey };

const OWN = /[?&]Expires=(\d+)&Signature=([\w~-]+)&Key-Pair-Id=([^&]+)$/;

/** What CloudFront does with a URL that it gets: makes the policy of it, and verifies. Gives when it ends; undefined: refused. */
function verified(url: string): Date | undefined {
  const [, seconds, signature, keyPairId] = OWN.exec(url) ?? [];
  if (seconds === undefined || signature === undefined || keyPairId !== cloudFront.keyPairId) return undefined;
  const policy = {
    Statement: [{ Resource: url.replace(OWN, ''), Condition: { DateLessThan: { 'AWS:EpochTime': Number(seconds) } } }],
  };
  const bytes = Buffer.from(signature.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64');
  const isTrue = verify('RSA-SHA1', Buffer.from(JSON.stringify(policy)), publicKey, bytes);
  return isTrue ? new Date(Number(seconds) * 1000) : undefined;
}

describe('a URL of CloudFront', () => {
  const sign = createCloudFrontSigner(cloudFront);
  const expiresAt = new Date('2026-11-23T12:00:00.999Z');

  it('names the object and what is asked of it, ends, and is signed as a canned policy', async () => {
    const query = {
      'response-content-type': 'image/png',
      'response-content-disposition': `inline; filename="it's.png"`,
    };
    const url = await sign({ key: 'full/0197/ab', query, expiresAt });
    expect(url.replace(OWN, '')).toBe(
      'https://d111111abcdef8.cloudfront.net/full/0197/ab?response-content-type=image%2Fpng' +
        '&response-content-disposition=inline%3B%20filename%3D%22it%27s.png%22',
    );
    // A browser takes it as it is.
    expect(new URL(url).href).toBe(url);
    expect(new URL(url).searchParams.get('response-content-disposition')).toBe(`inline; filename="it's.png"`);
    expect(verified(url)).toEqual(new Date('2026-11-23T12:00:00Z'));
  });

  it('is another one when anything is changed', async () => {
    const url = await sign({ key: 'full/1', query: { 'response-content-type': 'image/png' }, expiresAt });
    for (const [from, to] of [
      ['full/1', 'full/2'],
      ['full/1', 'raw/1'],
      ['image%2Fpng', 'text%2Fhtml'],
      ['d111111abcdef8', 'd222222abcdef8'],
      [/Expires=\d/, 'Expires=2'],
      ['K2JCJMDEHXQW5F', 'K9'],
      [/Signature=./, 'Signature=-'],
    ] as const) {
      const changed = url.replace(from, to);
      expect(changed).not.toBe(url);
      expect(verified(changed), changed).toBeUndefined();
    }
  });

  it('needs no query of its own', async () => {
    const url = await sign({ key: 'thumb/1', query: {}, expiresAt });
    expect(url).toMatch(/^https:\/\/d111111abcdef8\.cloudfront\.net\/thumb\/1\?Expires=/);
    expect(verified(url)).toBeDefined();
  });

  it('is signed with RSA of 2048 bits', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    expect(isCloudFrontKey(privateKey)).toBe(true);
    for (const bad of [rsa(1024).privateKey, String(ec), publicKey, '', 'a key']) {
      expect(isCloudFrontKey(bad)).toBe(false);
      expect(() => createCloudFrontSigner({ ...cloudFront, privateKey: bad })).toThrow();
    }
  });
});

describe('a storage behind CloudFront', () => {
  const logger = createLogger({ service: 'spec', level: 'silent' });
  let now = new Date('2026-11-23T12:00:00Z');
  const create = () =>
    createObjectStorage({
      bucket: 'pictures',
      region: 'eu-central-1',
      accessKey: 'AKIA1',
      secretKey: 's3cret',
      cloudFront,
      logger,
      clock: () => now,
    });
  const signed = (key = 'full/1') =>
    create().presignGet({ key, contentType: 'image/png', disposition: { type: 'inline', filename: 'a.png' } });

  it('gives URLs of CloudFront that are the same for an hour, in every process, and good for 15 minutes at least', async () => {
    const first = await signed();
    expect(first.url).toContain('https://d111111abcdef8.cloudfront.net/full/1?');
    const { searchParams } = new URL(first.url);
    expect(searchParams.get('response-content-type')).toBe('image/png');
    expect(searchParams.get('response-content-disposition')).toMatch(/^inline; filename="a.png"/);
    expect(verified(first.url)).toEqual(first.expiresAt);

    const begin = first.expiresAt.getTime() - 4_500_000;
    now = new Date(begin);
    expect(await signed()).toEqual(first);
    now = new Date(begin + 3_599_000);
    expect(await signed()).toEqual(first);
    expect(first.expiresAt.getTime() - now.getTime()).toBeGreaterThanOrEqual(900_000);
    now = new Date(begin + 3_600_000);
    expect((await signed()).url).not.toBe(first.url);
    expect((await signed('full/2')).expiresAt).not.toEqual((await signed()).expiresAt);
  });

  it('still takes uploads at the bucket itself', async () => {
    const put = await create().presignPut({ key: 'raw/1', contentType: 'image/png', bytes: 3, expiresInSeconds: 300 });
    expect(new URL(put.url).host).toBe('pictures.s3.eu-central-1.amazonaws.com');
    expect(put.url).toContain('X-Amz-Signature=');
  });
});
