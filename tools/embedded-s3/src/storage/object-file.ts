import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Checksum } from '../body/checksums.ts';

/** All that is known of an object beside its data. */
export type ObjectMeta = {
  key: string;
  /** Bytes of data. */
  size: number;
  /** MD5 of the data in hex, which is the ETag. */
  md5: string;
  /** Milliseconds since 1970. */
  modifiedAt: number;
  /** Answer headers: `content-type`, `x-amz-meta-...`. */
  headers: Record<string, string>;
  checksum?: Checksum;
};

/**
 * An object is one file, so that one rename puts it in place: its data, then this description as JSON, then the
 * description's length (32 bits) and a mark.
 */
const MARK = Buffer.from('PARLEYS3');
const TAIL_BYTES = 4 + MARK.length;

export function tailOf(meta: ObjectMeta): Buffer {
  const json = Buffer.from(JSON.stringify(meta));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([json, length, MARK]);
}

/** @throws Error when the file is not one that was written here as a whole */
export function readMeta(path: string): ObjectMeta {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const tail = readAt(fd, size - TAIL_BYTES, TAIL_BYTES);
    const length = tail.readUInt32BE(0);
    if (!tail.subarray(4).equals(MARK) || length > size) throw new Error('it has lost its end');
    const meta = JSON.parse(readAt(fd, size - TAIL_BYTES - length, length).toString()) as ObjectMeta;
    if (meta.size !== size - TAIL_BYTES - length) throw new Error('its size is another');
    return meta;
  } finally {
    closeSync(fd);
  }
}

function readAt(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  if (at < 0 || readSync(fd, bytes, 0, length, at) !== length) throw new Error('it is too short');
  return bytes;
}
