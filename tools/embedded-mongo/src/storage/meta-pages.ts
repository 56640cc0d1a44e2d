import { readSync } from 'node:fs';

/** Where lmdb's first two pages say what they are (after a page's own header of 24 bytes with this build). */
const MAGIC_AT = 24;
const MAGIC = 0xbeefc0de;
const PAGE_SIZE_AT = 48;
/** Of the free pages, and of the data: the depth of the tree and its root. */
const TREES_AT = [48, 96];
const DEPTH_AT = 6;
const ROOT_AT = 40;
const TRANSACTION_AT = 152;
const META_BYTES = 168;

/** The root of an empty tree, as a number. */
export const NO_PAGE = 2 ** 64;

/** One of lmdb's two first pages: the roots of its trees as one transaction left them. */
export type Meta = { isLmdb: boolean; transaction: bigint; trees: { depth: number; root: number }[] };

export function readPageSize(fd: number): number {
  const bytes = Buffer.alloc(4);
  readSync(fd, bytes, 0, 4, PAGE_SIZE_AT);
  const size = bytes.readUInt32LE(0);
  return size >= 512 && size <= 65536 ? size : 4096;
}

export const readMetas = (fd: number, pageSize: number): Meta[] => [0, pageSize].map((at) => readMeta(fd, at));

export const newestMeta = (fd: number, pageSize: number): Meta =>
  readMetas(fd, pageSize).reduce((a, b) => (b.transaction > a.transaction ? b : a));

function readMeta(fd: number, from: number): Meta {
  const bytes = Buffer.alloc(META_BYTES);
  readSync(fd, bytes, 0, META_BYTES, from);
  return {
    isLmdb: bytes.readUInt32LE(MAGIC_AT) === MAGIC,
    transaction: bytes.readBigUInt64LE(TRANSACTION_AT),
    trees: TREES_AT.map((at) => ({
      depth: bytes.readUInt16LE(at + DEPTH_AT),
      root: Number(bytes.readBigUInt64LE(at + ROOT_AT)),
    })),
  };
}
