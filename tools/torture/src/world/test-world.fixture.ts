import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildApps } from '@parley/stack';
import type { afterAll } from 'vitest';
import type { Interceptor } from '../net/link.ts';
import { openTap, type Tap } from './open-tap.ts';
import { startWorld, type World } from './world.ts';

export type TestWorld = {
  world: World;
  tap: Tap;
  dataDir: string;
  /** For `afterAll`: ends it all. What the programs said is kept where a test has failed: nothing else tells why. */
  dispose: Parameters<typeof afterAll>[0];
};

type Task = { result?: { state: string }; tasks?: readonly Task[] };

const hasFailed = ({ result, tasks = [] }: Task): boolean => result?.state === 'fail' || tasks.some(hasFailed);

/** `tools/torture/test-output`, which git leaves out. */
const OUTPUT = join(import.meta.dirname, '../../test-output');

/** A world of a spec's own, from what the sources are now. */
export async function startTestWorld(intercept?: (link: string) => Interceptor | undefined): Promise<TestWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-torture-'));
  const apps = ['auth-api', 'user-api', 'chat-api', 'realtime-gateway'] as const;
  await buildApps({ dataDir, apps, listen: () => undefined });
  const world = await startWorld({ dataDir, ...(intercept ? { intercept } : {}) });
  const tap = await openTap(world.rabbitUrl);
  return {
    world,
    tap,
    dataDir,
    dispose: async (_context, suite) => {
      await tap.close();
      await world.stop();
      if (hasFailed(suite as Task)) {
        const kept = join(OUTPUT, basename(dataDir));
        cpSync(join(dataDir, 'logs'), kept, { recursive: true });
        process.stderr.write(`what the programs said is kept in ${kept}\n`);
      }
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
