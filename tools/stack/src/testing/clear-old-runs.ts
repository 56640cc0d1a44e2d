import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isFolderInUse } from '@parley/service-kit/process';
import { endLeftovers } from '../leftovers.ts';
import { dataFolder } from '../paths.ts';

/** Ends and removes what runs of `npm test` and `npm run bench` left that were killed; those that still run are left alone. */
export async function clearOldRuns(): Promise<void> {
  const all = dataFolder('.');
  if (!existsSync(all)) return;
  for (const name of readdirSync(all).filter((name) => /^(test|bench)-\d+$/.test(name))) {
    const folder = join(all, name);
    if (isFolderInUse(folder)) continue;
    await endLeftovers(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
