import { statfsSync } from 'node:fs';
import { CommandError } from '../errors.ts';

/** What stays free, so that a batch in progress can always be finished: lmdb doesn't survive a disk that is full in its middle. */
const RESERVE_BYTES = 64 * 1024 * 1024;
/** lmdb writes whole pages, of which keys and values fill half at worst. */
const PAGES_OF_BYTES = 2;

/** How many bytes of keys and values the disk of a folder has room for, beyond the reserve. */
export function roomFor(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return (bavail * bsize - RESERVE_BYTES) / PAGES_OF_BYTES;
}

/** MongoDB's refusal of a write for which the disk has no room. */
export const diskFull = (): CommandError =>
  new CommandError(14031, `not enough disk space: writes are refused with less than ${RESERVE_BYTES >> 20} MB free`);
