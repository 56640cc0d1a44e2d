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

type Page = { bytes: Buffer; nodes: number[] };
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
  if (depth === 1) return isLeafSound(reader, root);
  let branches = [root];
  for (let below = depth - 2; below > 0; below--) {
    const level = readBranches(reader, branches);
    if (!level) return false;
    branches = level.flatMap((page) => page.nodes.map((_node, i) => childOf(page, i)));
  }
  const last = readBranches(reader, branches);
  if (!last) return false;
  const leaves = last.reduce((sum, { nodes }) => sum + nodes.length, 0);
  return (leaves > most ? chooseLeaves(last) : allLeaves(last)).every((page) => isLeafSound(reader, page));
}

function readBranches(reader: Reader, numbers: readonly number[]): Page[] | undefined {
  const pages: Page[] = [];
  for (const number of numbers) {
    const page = readPage(reader, number, BRANCH);
    if (!page || page.nodes.length === 0) return undefined;
    pages.push(page);
  }
  return pages;
}

const allLeaves = (branches: readonly Page[]): number[] =>
  branches.flatMap((page) => page.nodes.map((_node, i) => childOf(page, i)));

/** The first of each branch, and both sides of where what the keys begin with changes. lmdb leaves the first key of a branch out. */
function chooseLeaves(branches: readonly Page[]): number[] {
  const chosen: number[] = [];
  let before = -1;
  let prefix = -1;
  for (const page of branches) {
    for (let i = 0; i < page.nodes.length; i++) {
      const leaf = childOf(page, i);
      const own = i === 0 ? prefix : prefixOf(page, i);
      if (own !== prefix && before >= 0) chosen.push(before);
      if (i === 0 || own !== prefix) chosen.push(leaf);
      prefix = own;
      before = leaf;
    }
  }
  if (before >= 0) chosen.push(before);
  return chosen;
}

function childOf({ bytes, nodes }: Page, i: number): number {
  const node = nodes[i] ?? 0;
  return bytes.readUInt32LE(node) + bytes.readUInt16LE(node + 4) * 2 ** 32;
}

/** As a number; of a key that is shorter, as if it ended with zeros. */
function prefixOf({ bytes, nodes }: Page, i: number): number {
  const node = nodes[i] ?? 0;
  const length = Math.min(PREFIX_BYTES, keySize(bytes, node));
  return length === 0 ? 0 : bytes.readUIntBE(node + NODE_BYTES, length) * 256 ** (PREFIX_BYTES - length);
}

/** A page of the kind it should be, and where its nodes begin. */
function readPage({ fd, pageSize, pages }: Reader, page: number, kind: number): Page | undefined {
  if (page < 2 || page >= pages) return undefined;
  const bytes = Buffer.allocUnsafe(pageSize);
  if (readSync(fd, bytes, 0, pageSize, page * pageSize) < pageSize) return undefined;
  const lower = bytes.readUInt16LE(LOWER_AT);
  const upper = bytes.readUInt16LE(UPPER_AT);
  const isOwn =
    bytes.readUInt32LE(0) + bytes.readUInt32LE(4) * 2 ** 32 === page && (bytes.readUInt16LE(FLAGS_AT) & KINDS) === kind;
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
