import { PassThrough, pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { StorageError, toStorageError } from './storage-error.ts';

/**
 * The same bytes, ending in an error once there are more than `maxBytes`. What breaks off is told as `unavailable`; when
 * the reader goes away, the source is ended too.
 */
export function limitBytes(source: Readable, key: string, maxBytes: number): Readable {
  let bytes = 0;
  const limited = new PassThrough({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      if (bytes > maxBytes) done(tooLarge(key, maxBytes));
      else done(null, chunk);
    },
    // Whatever ends it early is told in our words; without an error the reader just had enough.
    destroy: (error, done) => done(error ? toStorageError(`get ${key}`, error) : null),
  });
  pipeline(source, limited, () => undefined); // whoever reads hears of errors
  return limited;
}

export const tooLarge = (key: string, maxBytes: number): StorageError =>
  new StorageError('too_large', `${key} has more than ${maxBytes} bytes`);
