import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isRunning } from '@parley/service-kit/process';
import type { ProcessIdentity } from '@parley/service-kit/process';
import { signalGroup } from './signal-group.ts';

/** In the environment of all that a stack starts, so that what outlives it can be found: its data folder. */
export const MARK = 'PARLEY_STACK_DATA';

const RECORD = 'processes.json';

/** Notes which processes run, so that the next run can end them should this one not be able to. */
export function recordProcesses(dataDir: string, pids: readonly number[]): void {
  const identities = pids.map(identify).filter((identity) => identity !== undefined);
  writeFileSync(join(dataDir, RECORD), JSON.stringify(identities));
}

/**
 * Processes of an earlier run that still run: those it noted (the same pid with the same start), and, where the
 * system shows it, those that carry the mark of this data folder, such as children of a parent that is gone.
 */
export function findLeftovers(dataDir: string): ProcessIdentity[] {
  const found = new Map<number, ProcessIdentity>();
  for (const identity of [...readRecord(dataDir).filter(isRunning), ...findMarked(dataDir)]) {
    if (identity.pid !== process.pid) found.set(identity.pid, identity);
  }
  return [...found.values()];
}

/** Ends leftovers: asked first, forced after five seconds. Gives how many there were. */
export async function endLeftovers(dataDir: string): Promise<number> {
  const leftovers = findLeftovers(dataDir);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const { pid } of leftovers.filter(isRunning)) {
      if (!signalGroup(pid, signal)) killOne(pid, signal);
      if (signal === 'SIGTERM') killOne(pid, 'SIGCONT');
    }
    for (let waited = 0; waited < 5000 && leftovers.some(isRunning); waited += 100) await sleep(100);
  }
  return leftovers.length;
}

function killOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readRecord(dataDir: string): ProcessIdentity[] {
  try {
    return JSON.parse(readFileSync(join(dataDir, RECORD), 'utf8')) as ProcessIdentity[];
  } catch {
    return []; // no earlier run, or one that was ended in the middle of writing: the mark remains
  }
}

function findMarked(dataDir: string): ProcessIdentity[] {
  if (process.platform !== 'linux') return [];
  const entry = `${MARK}=${dataDir}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environment(name).includes(entry))
    .map((name) => identify(Number(name)))
    .filter((identity) => identity !== undefined);
}

function environment(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // ended meanwhile, or somebody else's
  }
}
