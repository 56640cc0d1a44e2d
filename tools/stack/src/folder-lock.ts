import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isRunning } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { StackError } from './stack-error.ts';

/**
 * Makes this process the only one that works in a data folder. A lock whose owner no longer runs is taken over.
 * @returns what gives the folder back
 * @throws StackError when another stack works in it
 */
export function lockFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'owner.json');
  const own = JSON.stringify(identify(process.pid));
  for (;;) {
    try {
      writeFileSync(file, own, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = readOwner(file);
    if (owner && isRunning(owner)) {
      throw new StackError(`Parley already runs from ${dataDir} (process ${owner.pid}): end that one first.`);
    }
    rmSync(file, { force: true });
  }
}

/** Whether a running stack works in a data folder. */
export function isFolderInUse(dataDir: string): boolean {
  const owner = readOwner(join(dataDir, 'owner.json'));
  return owner !== undefined && isRunning(owner);
}

function readOwner(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined; // not there, given back meanwhile, or half written by a process that was ended
  }
}
