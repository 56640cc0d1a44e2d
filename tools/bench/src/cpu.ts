import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts a process's time in these; USER_HZ is 100 on every architecture that Node runs on (proc(5), sysconf(3)). */
const TICKS_PER_SECOND = 100;

export type ProcessTime = { pid: number; parent: number; seconds: number };

/** One line of /proc/<pid>/stat. The name, in brackets, may hold anything, also brackets and blanks (proc(5)). */
export function parseStat(line: string): ProcessTime {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const field = (position: number): number => Number(fields[position - 3]);
  return { pid: Number.parseInt(line, 10), parent: field(4), seconds: (field(14) + field(15)) / TICKS_PER_SECOND };
}

/** CPU-seconds of a process and all its descendants. */
export function secondsOfTree(root: number, processes: readonly ProcessTime[]): number {
  const own = processes.find(({ pid }) => pid === root)?.seconds ?? 0;
  const children = processes.filter(({ parent }) => parent === root);
  return children.reduce((sum, { pid }) => sum + secondsOfTree(pid, processes), own);
}

/** What each named process (with its descendants) has used up to now. */
export function sampleCpu(pids: Record<string, number>): Record<string, number> {
  const processes = readProcesses();
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, secondsOfTree(pid, processes)]));
}

/** What was used between two samples, in CPU-seconds per 1,000 messages, by process. */
export function cpuPerThousand(
  before: Record<string, number>,
  after: Record<string, number>,
  messages: number,
): Record<string, number> {
  const thousands = messages / 1_000;
  return Object.fromEntries(
    Object.entries(after).map(([name, seconds]) => [
      name,
      thousands === 0 ? 0 : Math.max(0, seconds - (before[name] ?? 0)) / thousands,
    ]),
  );
}

/** All processes there are. */
export function readProcesses(): ProcessTime[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))];
      } catch {
        // It ended between the two looks.
        return [];
      }
    });
}
