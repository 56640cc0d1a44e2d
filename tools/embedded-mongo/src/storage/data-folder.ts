import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where lmdb's first page says what it is (after the page's own header of 24 bytes with this build). */
const MAGIC_AT = 24;
const MAGIC = 0xbeefc0de;
const PAGE_SIZE_AT = 48;
const ROOT_AT = 136;
const META_BYTES = 168;

const OWN_FILES = new Set(['data', 'embedded-mongo.lock']);

/**
 * Makes a data folder, or looks at what is in it before lmdb maps it into memory: a file that lmdb
 * takes for its own and isn't ends the process with a signal instead of a sentence.
 *
 * @returns the path for lmdb
 */
export function prepareFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  if (existsSync(join(folder, 'WiredTiger'))) throw new Error(`the data folder ${folder} holds the data of a mongod`);
  const foreign = readdirSync(folder).find((name) => !OWN_FILES.has(name));
  if (foreign !== undefined)
    throw new Error(`the data folder ${folder} holds other things, such as "${foreign}": give an empty one`);
  const path = join(folder, 'data');
  const file = join(path, 'data.mdb');
  if (existsSync(file)) checkFile(folder, file);
  return path;
}

function checkFile(folder: string, file: string): void {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    // Ended while it was being made: lmdb begins anew.
    if (size === 0) return;
    const metas = [0, pageSize(fd)].map((at) => readMeta(fd, at));
    if (metas.some((meta) => meta.magic !== MAGIC))
      throw new Error(
        `the data folder ${folder} holds a file data/data.mdb that is not of embedded-mongo, or is damaged`,
      );
    const newest = metas.reduce((a, b) => (b.transaction > a.transaction ? b : a));
    if (newest.root !== 2n ** 64n - 1n && (newest.root + 1n) * BigInt(pageSize(fd)) > BigInt(size)) {
      throw new Error(`the data folder ${folder} is damaged: data/data.mdb has lost its end`);
    }
  } finally {
    closeSync(fd);
  }
}

function pageSize(fd: number): number {
  const bytes = Buffer.alloc(4);
  readSync(fd, bytes, 0, 4, PAGE_SIZE_AT);
  const size = bytes.readUInt32LE(0);
  return size >= 512 && size <= 65536 ? size : 4096;
}

function readMeta(fd: number, at: number): { magic: number; root: bigint; transaction: bigint } {
  const bytes = Buffer.alloc(META_BYTES);
  readSync(fd, bytes, 0, META_BYTES, at);
  return {
    magic: bytes.readUInt32LE(MAGIC_AT),
    root: bytes.readBigUInt64LE(ROOT_AT),
    transaction: bytes.readBigUInt64LE(152),
  };
}
