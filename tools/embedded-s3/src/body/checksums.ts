import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Error, invalidArgument, notImplemented } from '../errors.ts';

export type Checksum = { algorithm: Algorithm; value: string };

type Algorithm = (typeof ALGORITHMS)[number];
type Hasher = { update(data: Buffer): unknown; base64(): string };

const ALGORITHMS = ['crc32', 'sha1', 'sha256'] as const;
const PREFIX = 'x-amz-checksum-';
/** `x-amz-checksum-` also begins what isn't a checksum. */
const OTHERS = new Set(['x-amz-checksum-mode', 'x-amz-checksum-algorithm', 'x-amz-checksum-type']);

/** A hash function by its name in S3 headers, giving base64. */
export function createHasher(algorithm: Algorithm | 'md5'): Hasher {
  if (algorithm !== 'crc32') {
    const hash = createHash(algorithm);
    return { update: (data) => hash.update(data), base64: () => hash.digest('base64') };
  }
  let value = 0;
  return {
    update: (data) => (value = crc32(data, value)),
    base64: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}

/** Which checksum a request gives or announces as a trailer; undefined for none. */
export function announcedChecksum(amz: ReadonlyMap<string, string>): Algorithm | undefined {
  const given = [...amz.keys()].filter((name) => name.startsWith(PREFIX) && !OTHERS.has(name));
  const trailing = amz.get('x-amz-trailer')?.toLowerCase();
  const names = trailing === undefined ? given : [...given, trailing];
  if (names.length > 1) throw new S3Error('InvalidRequest', 'Expecting a single x-amz-checksum- header');
  const [name] = names;
  if (name === undefined) return undefined;
  const algorithm = ALGORITHMS.find((one) => PREFIX + one === name);
  if (!algorithm) throw notImplemented(`the checksum ${name}`);
  return algorithm;
}

export const checksumHeader = (algorithm: Algorithm): string => PREFIX + algorithm;

/** @throws S3Error InvalidArgument where it is no checksum of this kind, BadDigest where it is one of other data */
export function checkChecksum(algorithm: Algorithm, given: string, actual: string): void {
  if (given === actual) return;
  const isOne = Buffer.from(given, 'base64').toString('base64') === given && given.length === actual.length;
  if (!isOne) throw invalidArgument(`Value for ${PREFIX}${algorithm} header is invalid.`);
  throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
}
