import { readFileSync } from 'node:fs';

/** Resident memory of a process in bytes (proc(5), VmRSS). */
export function residentBytes(pid: number): number {
  return parseResident(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/** @throws where there is no VmRSS: a process that has ended */
export function parseResident(status: string): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kilobytes === undefined) throw new Error('the process has no resident memory: it has ended');
  return Number(kilobytes) * 1_024;
}
