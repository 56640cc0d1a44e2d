import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Authenticated } from '../auth/authenticate.ts';
import { isSame } from '../auth/signature.ts';
import { S3Error, notImplemented } from '../errors.ts';
import type { S3Request } from '../request.ts';
import { decodeAwsChunked, malformedTrailer } from './aws-chunked.ts';
import { ByteReader, incomplete } from './byte-reader.ts';
import { announcedChecksum, checkChecksum, checksumHeader, createHasher } from './checksums.ts';
import type { Checksum } from './checksums.ts';

export type Received = { size: number; md5: string; checksum?: Checksum };

/**
 * Passes a body on, piece by piece, and verifies it by everything that the request says of it: length, Content-MD5,
 * SHA-256, chunk signatures, checksums. It counts only once this has resolved.
 *
 * @param o.maxBytes more is refused, before it is read where the request tells
 * @throws S3Error; what the stream throws when the client goes away
 */
export async function receiveBody(o: {
  req: IncomingMessage;
  request: S3Request;
  auth: Authenticated;
  maxBytes: number;
  /** Called when nothing speaks against the body any more: a client may have asked first whether to send it. */
  accept(): void;
  write(piece: Buffer): Promise<void> | void;
}): Promise<Received> {
  const { request, auth } = o;
  const length = announcedLength(request, auth);
  if (length > o.maxBytes) throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
  const algorithm = announcedChecksum(request.amz);
  const md5 = createHash('md5');
  const hash = auth.payload.kind === 'hashed' ? createHash('sha256') : undefined;
  const checksum = algorithm && createHasher(algorithm);
  const trailers = new Map<string, string>();
  let size = 0;

  o.accept();
  const source = o.req.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  try {
    for await (const piece of dataOf(source, request, auth, trailers)) {
      size += piece.length;
      if (size > length) throw incomplete();
      md5.update(piece);
      hash?.update(piece);
      checksum?.update(piece);
      await o.write(piece);
    }
  } finally {
    await source.return?.();
  }

  if (size !== length) throw incomplete();
  if (auth.payload.kind === 'hashed' && !isSame(hash?.digest('hex') ?? '', auth.payload.sha256))
    throw new S3Error('XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match.");
  const digest = md5.digest();
  checkMd5(request.headers.get('content-md5'), digest);
  const received = { size, md5: digest.toString('hex') };
  const announced = request.amz.get('x-amz-trailer')?.toLowerCase();
  if ([...trailers.keys()].some((trailer) => trailer !== announced))
    throw malformedTrailer('one that was not announced');
  if (!algorithm || !checksum) return received;
  const name = checksumHeader(algorithm);
  const given = request.amz.get(name) ?? trailers.get(name);
  if (given === undefined) throw malformedTrailer('none, although it was announced');
  const value = checksum.base64();
  checkChecksum(algorithm, given, value);
  return { ...received, checksum: { algorithm, value } };
}

function dataOf(
  source: AsyncIterator<Buffer>,
  request: S3Request,
  auth: Authenticated,
  trailers: Map<string, string>,
): AsyncIterable<Buffer> {
  if (auth.payload.kind !== 'chunked') return { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) };
  const { signed, trailer } = auth.payload;
  if (!trailer && request.amz.has('x-amz-trailer'))
    throw new S3Error('InvalidRequest', 'x-amz-trailer needs a payload with a trailer');
  return decodeAwsChunked({
    reader: new ByteReader(source),
    seed: signed ? auth : undefined,
    mayTrail: trailer,
    trailers,
  });
}

/** Bytes of data; a body without a length is refused, as S3 does. */
function announcedLength(request: S3Request, auth: Authenticated): number {
  const isChunked = auth.payload.kind === 'chunked';
  if (!isChunked && request.headers.has('transfer-encoding'))
    throw notImplemented('Transfer-Encoding without aws-chunked');
  const given = isChunked ? request.amz.get('x-amz-decoded-content-length') : request.headers.get('content-length');
  if (given === undefined && !isChunked && request.method !== 'PUT' && request.method !== 'POST') return 0;
  if (given === undefined || !/^\d{1,15}$/.test(given))
    throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  return Number(given);
}

function checkMd5(given: string | undefined, actual: Buffer): void {
  if (given === undefined) return;
  const bytes = Buffer.from(given, 'base64');
  if (bytes.length !== 16 || bytes.toString('base64') !== given)
    throw new S3Error('InvalidDigest', 'The Content-MD5 you specified is not valid.');
  if (!bytes.equals(actual))
    throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
}
