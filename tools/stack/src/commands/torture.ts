import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildApps } from '../build.ts';
import { dataFolder, ROOT } from '../paths.ts';
import { createScreen } from '../screen/screen.ts';
import { clearOldRuns } from '../testing/clear-old-runs.ts';
import { runCommand } from '../testing/run-command.ts';
import { untilSignal } from '../until-signal.ts';
import { checkArguments } from './check-arguments.ts';

/** What the suite starts; nobody looks at a page. */
const APPS = ['auth-api', 'user-api', 'chat-api', 'realtime-gateway'] as const;

/**
 * `npm run torture`: builds the services and runs `tools/torture`, which starts a stack of its own and breaks it by a seed. The
 * data and logs of a run that found something are kept, and it is said where.
 *
 * @returns 0 when no promise was broken; 2 for arguments that it doesn't know, before anything is built
 */
export async function torture(args: readonly string[]): Promise<number> {
  const refused = await checkArguments('torture', args);
  if (refused !== undefined) return refused;
  await clearOldRuns();
  const dataDir = dataFolder(`torture-${process.pid}`);
  mkdirSync(dataDir, { recursive: true });
  const ending = new AbortController();
  const signal = untilSignal(() => process.exit(130));
  void signal.told.then(() => ending.abort());
  const screen = createScreen({ title: 'Parley, torture', out: process.stdout, plain: false });
  try {
    await buildApps({ dataDir, apps: APPS, listen: screen.listen, signal: ending.signal });
    screen.end();
    const code = await runCommand({
      command: process.execPath,
      args: ['--conditions=@parley/source', '--import', 'tsx', join(ROOT, 'tools/torture/src/main.ts'), ...args],
      env: { PARLEY_TORTURE_DATA: dataDir },
      signal: ending.signal,
    });
    if (code === 0) rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
    else process.stdout.write(`Data and logs are in ${dataDir}\n`);
    return code;
  } finally {
    screen.end();
    signal.forget();
  }
}
