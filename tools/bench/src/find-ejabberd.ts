import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { readPath } from './env.ts';

/** What can be said here of the rival that the goals are set by. */
export function findEjabberd(path = readPath()): string {
  const found = path
    .split(delimiter)
    .map((folder) => join(folder, 'ejabberdctl'))
    .find((file) => existsSync(file));
  return found === undefined
    ? 'ejabberd: not installed, so not compared'
    : `ejabberd: installed (${found}), but this benchmark has no XMPP client to drive it with`;
}
