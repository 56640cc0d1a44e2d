import { canonicalRequest, sha256, sign, signingKey } from '../auth/signature.ts';
import { parseRequest } from '../request.ts';
import type { GivenS3 } from './env.ts';

export const EMPTY = sha256('');

/** A request with a right Authorization header, for what the SDK never sends. The SDK itself tests what signs here. */
export function signByHand(
  s3: GivenS3,
  o: { method: string; target: string; headers?: Record<string, string>; payloadHash?: string },
) {
  const { method, target, payloadHash = EMPTY } = o;
  const at = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${at.slice(0, 8)}/${s3.region}/s3/aws4_request`;
  const { host } = new URL(s3.endpoint);
  const headers: Record<string, string> = {
    host,
    'x-amz-date': at,
    'x-amz-content-sha256': payloadHash,
    ...o.headers,
  };
  const names = Object.keys(headers).sort();
  const request = parseRequest({ method, url: target, rawHeaders: Object.entries(headers).flat() });
  const signing = { at, scope, key: signingKey(s3.secretKey, scope) };
  const signature = sign(signing, 'AWS4-HMAC-SHA256', [sha256(canonicalRequest(request, names, payloadHash))]);
  const credential = `Credential=${s3.accessKey}/${scope}`;
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { method, url: s3.endpoint + target, headers: { ...headers, authorization }, signing, signature };
}
