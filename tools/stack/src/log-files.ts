import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

export const logFile = (dataDir: string, name: string): string => join(dataDir, 'logs', `${name}.log`);

/** Begins a new log of a program; the one of the last run is kept beside it. */
export function beginLog(dataDir: string, name: string): void {
  const file = logFile(dataDir, name);
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  if (existsSync(file)) renameSync(file, file.replace(/\.log$/, '.previous.log'));
}

/** Runs `use` with a descriptor to which a child can append. */
export function withLog<T>(dataDir: string, name: string, use: (descriptor: number) => T): T {
  const descriptor = openSync(logFile(dataDir, name), 'a');
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The last lines of a log, for the person to whom it is told that the program failed. */
export function logTail(dataDir: string, name: string, lines = 20): string {
  const file = logFile(dataDir, name);
  if (!existsSync(file)) return '';
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
