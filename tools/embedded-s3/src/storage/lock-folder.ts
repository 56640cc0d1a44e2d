import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Takes a data folder for this process; a lock that a dead process left behind is taken over.
 *
 * @returns a function that gives the folder free
 * @throws Error with one sentence when another process has it
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'embedded-s3.lock');
  const mine = `${process.pid} ${startTime(process.pid)}`;
  try {
    writeFileSync(path, mine, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const [pid = '', since = ''] = readFileSync(path, 'utf8').trim().split(' ');
    if (isAlive(Number(pid), since)) throw new Error(`the data folder ${folder} is in use by process ${pid}`);
    writeFileSync(path, mine);
  }
  return () => rmSync(path, { force: true });
}

function isAlive(pid: number, since: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = startTime(pid);
  return now === '' || since === '' || now === since;
}

/** When a process began, in ticks since boot: tells a process from another that got its id later. Linux only. */
function startTime(pid: number): string {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return '';
  const stat = readFileSync(path, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
