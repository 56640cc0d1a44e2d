import { readProcesses } from '../cpu.ts';
import { residentBytes } from '../memory.ts';

const EVERY_MS = 20;

/** The most resident memory seen, in bytes: of the processes themselves, and of all their children together. */
export type MemoryPeaks = { own: number; children: number };

/** Looks at processes every 20 ms, until it is stopped. */
export function watchMemory(pids: readonly number[]): { stop(): MemoryPeaks } {
  const peaks: MemoryPeaks = { own: 0, children: 0 };
  const look = (): void => {
    const children = readProcesses().flatMap(({ pid, parent }) => (pids.includes(parent) ? [pid] : []));
    peaks.own = Math.max(peaks.own, ...pids.map(residentBytes));
    peaks.children = Math.max(peaks.children, sumOfLiving(children));
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return peaks;
    },
  };
}

const sumOfLiving = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    try {
      return sum + residentBytes(pid);
    } catch {
      // It ended between the two looks.
      return sum;
    }
  }, 0);
