import { z } from 'zod';

/** The folder for data and logs of the run's own stack. @throws when the program wasn't started by `npm run torture` */
export function readDataDir(source: Record<string, string | undefined> = process.env): string {
  const given = z.string().min(1).safeParse(source['PARLEY_TORTURE_DATA']);
  if (!given.success) throw new Error('PARLEY_TORTURE_DATA is not set: start it with `npm run torture`');
  return given.data;
}
