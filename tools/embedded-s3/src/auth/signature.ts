import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { S3Request } from '../request.ts';

/** When, where and for what a signature counts: what the string to sign and the signing key are made of. */
export type Signing = {
  /** `20261123T063449Z` */
  at: string;
  /** `20261123/<region>/s3/aws4_request` */
  scope: string;
  key: Buffer;
};

export const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

/** "Authenticating Requests (AWS Signature Version 4)" in Amazon's S3 API reference. */
export function signingKey(secretKey: string, scope: string): Buffer {
  return scope
    .split('/')
    .reduce<Buffer>((key, part) => createHmac('sha256', key).update(part).digest(), Buffer.from(`AWS4${secretKey}`));
}

/** The request as it is signed; the signature itself, in the query, is not part of it. */
export function canonicalRequest(request: S3Request, signedHeaders: string[], payloadHash: string): string {
  const query = [...request.query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');
  const headers = signedHeaders.map((name) => `${name}:${request.headers.get(name) ?? ''}\n`).join('');
  const path = uriEncode(request.path).replaceAll('%2F', '/');
  return [request.method, path, query, headers, signedHeaders.join(';'), payloadHash].join('\n');
}

/** The signature over lines that follow an algorithm's name, the time and the scope. */
export function sign(signing: Signing, algorithm: string, lines: string[]): string {
  const text = [algorithm, signing.at, signing.scope, ...lines].join('\n');
  return createHmac('sha256', signing.key).update(text, 'latin1').digest('hex');
}

/** Compares two texts in a time that says nothing about where they differ. */
export function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

const uriEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
