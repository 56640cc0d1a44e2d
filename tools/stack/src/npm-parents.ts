import { readFileSync } from 'node:fs';
import { identify } from '@parley/service-kit/process';
import type { ProcessIdentity } from '@parley/service-kit/process';

/**
 * The processes between the person and us when npm runs us: npm, and mostly a shell of its own. A signal to npm reaches
 * that shell at best, which dies of it and tells nobody; and SIGKILL is passed on to nobody at all.
 */
export function npmParents(): ProcessIdentity[] {
  const parent = process.ppid;
  const npm = process.platform === 'linux' && isShell(parent) ? parentOf(parent) : undefined;
  return [parent, npm].flatMap((pid) => (pid === undefined ? [] : (identify(pid) ?? [])));
}

function isShell(pid: number): boolean {
  return /^(ba|da|z)?sh$/.test(read(`/proc/${pid}/comm`).trim());
}

function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) || undefined;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}
