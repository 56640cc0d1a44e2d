import { createHash } from 'node:crypto';
import { S3Error } from '../errors.ts';
import { isSame, sha256, sign } from '../auth/signature.ts';
import type { Signing } from '../auth/signature.ts';
import type { ByteReader } from './byte-reader.ts';

const LINE_MAX = 256;
const TRAILERS_MAX = 8;
const CHUNK = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/;

export type ChunkedBody = {
  reader: ByteReader;
  /** With the signature of the request, from which that of the first chunk follows; undefined where chunks are not signed. */
  seed: { signing: Signing; signature: string } | undefined;
  /** Whether trailers may follow; those found are put into `trailers`. */
  mayTrail: boolean;
  trailers: Map<string, string>;
};

/**
 * The data in an `aws-chunked` body. Signatures of chunks and of the trailers are verified: "Signature calculations for
 * the authorization header: transferring payload in multiple chunks" in Amazon's S3 API reference.
 *
 * What is yielded counts only once the generator has ended.
 */
export async function* decodeAwsChunked(body: ChunkedBody): AsyncGenerator<Buffer> {
  const { reader, seed } = body;
  let previous = seed?.signature ?? '';
  for (;;) {
    const [, hex = '', signature] = CHUNK.exec(await reader.line(LINE_MAX)) ?? [];
    if (hex === '' || (signature !== undefined) !== (seed !== undefined)) throw malformedChunk();
    const size = Number.parseInt(hex, 16);
    const hash = createHash('sha256');
    for await (const piece of reader.take(size)) {
      if (seed) hash.update(piece);
      yield piece;
    }
    if (seed && signature !== undefined) {
      const lines = [previous, sha256(''), hash.digest('hex')];
      if (!isSame(sign(seed.signing, 'AWS4-HMAC-SHA256-PAYLOAD', lines), signature)) throw wrongChunk();
      previous = signature;
    }
    if (size === 0) break;
    if ((await reader.line(0)) !== '') throw malformedChunk();
  }
  await readTrailers(body, previous);
  if (!(await reader.isAtEnd())) throw malformedChunk();
}

async function readTrailers({ reader, seed, mayTrail, trailers }: ChunkedBody, previous: string): Promise<void> {
  for (let line = await reader.line(LINE_MAX); line !== ''; line = await reader.line(LINE_MAX)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (colon === -1 || !mayTrail || trailers.has(name) || trailers.size >= TRAILERS_MAX)
      throw malformedTrailer('what is none');
    trailers.set(name, line.slice(colon + 1).trim());
  }
  if (!seed || !mayTrail) return;
  const signature = trailers.get('x-amz-trailer-signature') ?? '';
  trailers.delete('x-amz-trailer-signature');
  const signed = [...trailers].map(([name, value]) => `${name}:${value}\n`).join('');
  if (!isSame(sign(seed.signing, 'AWS4-HMAC-SHA256-TRAILER', [previous, sha256(signed)]), signature))
    throw wrongChunk();
}

const malformedChunk = (): S3Error => new S3Error('InvalidRequest', 'The chunk framing of the body is malformed');

export const malformedTrailer = (found: string): S3Error =>
  new S3Error('MalformedTrailerError', `A trailer is malformed: found ${found}`);

const wrongChunk = (): S3Error =>
  new S3Error('SignatureDoesNotMatch', 'The signature of a chunk does not match the signature you provided');
