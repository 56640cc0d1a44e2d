import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';

/** Beside what is kept in the folder: who works in it. */
export const OWNER_FILE = 'owner.json';

export class FolderInUseError extends Error {
  readonly folder: string;
  /** The process that works in it. */
  readonly pid: number;

  constructor(folder: string, pid: number) {
    super(`the data folder ${folder} is in use by process ${pid}`);
    this.name = 'FolderInUseError';
    this.folder = folder;
    this.pid = pid;
  }
}

/**
 * Makes this process the only one that works in a data folder, which is made where there is none. A lock whose owner no longer runs is taken over.
 * @returns what gives the folder back
 * @throws FolderInUseError
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, OWNER_FILE);
  const own = JSON.stringify(identify(process.pid));
  for (;;) {
    try {
      writeFileSync(file, own, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = readOwner(file);
    if (owner && isRunning(owner)) throw new FolderInUseError(folder, owner.pid);
    rmSync(file, { force: true });
  }
}

/** Whether a running process works in a data folder. */
export function isFolderInUse(folder: string): boolean {
  const owner = readOwner(join(folder, OWNER_FILE));
  return owner !== undefined && isRunning(owner);
}

function readOwner(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined; // not there, given back meanwhile, or half written by a process that was ended
  }
}
