import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { PREFIX_BYTES } from './keyspace.ts';
import type { Meta } from './meta-pages.ts';
import { NO_PAGE, newestMeta, readPageSize } from './meta-pages.ts';

/** lmdb's page: number (64 bits), transaction (64), padding (16), flags (16), then two ends that count from here, and its nodes. */
const HEADER_BYTES = 24;
const FLAGS_AT = 18;
const LOWER_AT = 20;
const UPPER_AT = 22;
const KINDS = 0x0f;
const BRANCH = 0x01;
const LEAF = 0x02;
/** lmdb's node: size of its data or low bits of a page number (32 bits), flags or high bits (16), size of its key (16), the key. */
const NODE_BYTES = 8;
const BIG_DATA = 0x01;
/** At a start, of a larger file the leaves are checked where a collection or an index begins or ends, and here and there. */
export const LEAVES_AT_START = 10_000;

type Child = { page: number; prefix: string };
type Reader = { fd: number; pageSize: number; pages: number };

/**
 * Looks whether lmdb's file can be read from its root to its leaves, before lmdb maps it into memory: a page that holds
 * something else ends the process with a signal instead of a sentence, or makes it answer wrongly.
 *
 * @param leaves of how many leaves at most every one is looked at
 * @returns whether it can; to be called when nobody else writes it
 */
export function arePagesSound(file: string, leaves = Infinity): boolean {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    if (size === 0) return true;
    const pageSize = readPageSize(fd);
    const reader = { fd, pageSize, pages: Math.floor(size / pageSize) };
    const { trees } = newestMeta(fd, pageSize);
    return trees.every((tree) => isTreeSound(reader, tree, leaves));
  } finally {
    closeSync(fd);
  }
}

function isTreeSound(reader: Reader, { root, depth }: Meta['trees'][number], most: number): boolean {
  if (root >= NO_PAGE) return true;
  let level: Child[] = [{ page: root, prefix: '' }];
  for (let below = depth - 1; below > 0; below--) {
    const next: Child[] = [];
    for (const { page } of level) {
      const children = childrenOf(reader, page);
      if (!children) return false;
      for (const child of children) next.push(child);
    }
    level = next;
  }
  const leaves = level.length > most ? level.filter(isAtAnEdge) : level;
  return leaves.every(({ page }) => isLeafSound(reader, page));
}

/** lmdb leaves the first key of a branch out: it isn't known what that leaf begins with. */
function isAtAnEdge({ prefix }: Child, i: number, all: readonly Child[]): boolean {
  return prefix === '' || prefix !== all[i + 1]?.prefix || prefix !== all[i - 1]?.prefix;
}

/** A page of the kind it should be, and where its nodes begin. */
function readPage(
  { fd, pageSize, pages }: Reader,
  page: number,
  kind: number,
): { bytes: Buffer; nodes: number[] } | undefined {
  if (page < 2 || page >= pages) return undefined;
  const bytes = Buffer.allocUnsafe(pageSize);
  if (readSync(fd, bytes, 0, pageSize, page * pageSize) < pageSize) return undefined;
  const lower = bytes.readUInt16LE(LOWER_AT);
  const upper = bytes.readUInt16LE(UPPER_AT);
  const isOwn = Number(bytes.readBigUInt64LE(0)) === page && (bytes.readUInt16LE(FLAGS_AT) & KINDS) === kind;
  if (!isOwn || lower % 2 > 0 || lower > upper || HEADER_BYTES + upper > pageSize) return undefined;
  const nodes: number[] = [];
  for (let at = HEADER_BYTES; at < HEADER_BYTES + lower; at += 2) {
    const node = HEADER_BYTES + bytes.readUInt16LE(at);
    if (node < HEADER_BYTES + upper || node + NODE_BYTES > pageSize) return undefined;
    if (node + NODE_BYTES + keySize(bytes, node) > pageSize) return undefined;
    nodes.push(node);
  }
  return { bytes, nodes };
}

const keySize = (bytes: Buffer, node: number): number => bytes.readUInt16LE(node + 6);

function childrenOf(reader: Reader, page: number): Child[] | undefined {
  const read = readPage(reader, page, BRANCH);
  if (!read || read.nodes.length === 0) return undefined;
  const { bytes, nodes } = read;
  return nodes.map((node) => {
    const key = node + NODE_BYTES;
    const prefix = bytes.toString('latin1', key, key + Math.min(PREFIX_BYTES, keySize(bytes, node)));
    return { page: bytes.readUInt32LE(node) + bytes.readUInt16LE(node + 4) * 2 ** 32, prefix };
  });
}

function isLeafSound(reader: Reader, page: number): boolean {
  const read = readPage(reader, page, LEAF);
  return (
    read?.nodes.every((node) => {
      const data = node + NODE_BYTES + keySize(read.bytes, node);
      if ((read.bytes.readUInt16LE(node + 4) & BIG_DATA) === 0)
        return data + read.bytes.readUInt32LE(node) <= reader.pageSize;
      return data + 8 <= reader.pageSize && Number(read.bytes.readBigUInt64LE(data)) < reader.pages;
    }) ?? false
  );
}
