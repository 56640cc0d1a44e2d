import { join } from 'node:path';

/** The root of this clone. */
export const ROOT = join(import.meta.dirname, '../../..');

/** Where a mode keeps engines' data, keys, logs and its notes about running processes. */
export const dataFolder = (mode: string): string => join(ROOT, '.data', mode);

export const NX = join(ROOT, 'node_modules/nx/dist/bin/nx.js');
