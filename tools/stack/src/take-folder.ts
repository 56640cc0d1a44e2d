import { FolderInUseError, lockFolder } from '@parley/service-kit/process';
import { StackError } from './stack-error.ts';

/**
 * Makes this process the only stack in a data folder.
 * @returns what gives the folder back
 * @throws StackError when another stack works in it
 */
export function takeFolder(dataDir: string): () => void {
  try {
    return lockFolder(dataDir);
  } catch (error) {
    if (!(error instanceof FolderInUseError)) throw error;
    throw new StackError(`Parley already runs from ${dataDir} (process ${error.pid}): end that one first.`);
  }
}
