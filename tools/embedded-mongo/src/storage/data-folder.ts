import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OWNER_FILE } from '@parley/service-kit/process';
import { arePagesSound } from './check-pages.ts';
import { NO_PAGE, newestMeta, readMetas, readPageSize } from './meta-pages.ts';

const OWN_FILES = new Set(['data', OWNER_FILE]);

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
    const pageSize = readPageSize(fd);
    if (readMetas(fd, pageSize).some(({ isLmdb }) => !isLmdb))
      throw new Error(
        `the data folder ${folder} holds a file data/data.mdb that is not of embedded-mongo, or is damaged`,
      );
    const roots = newestMeta(fd, pageSize).trees.map(({ root }) => root);
    if (roots.some((root) => root < NO_PAGE && (root + 1) * pageSize > size))
      throw new Error(`the data folder ${folder} is damaged: data/data.mdb has lost its end`);
  } finally {
    closeSync(fd);
  }
}

/**
 * To be called when nobody else writes the folder.
 *
 * @param leaves of how many leaf pages at most every one is looked at
 * @throws with one sentence when the pages of lmdb's file are not what they should be
 */
export function checkData(folder: string, leaves = Infinity): void {
  const file = join(folder, 'data', 'data.mdb');
  if (existsSync(file) && !arePagesSound(file, leaves))
    throw new Error(
      `the data folder ${folder} is damaged: data/data.mdb has pages that hold something else; remove the folder, or put a copy of it back`,
    );
}
