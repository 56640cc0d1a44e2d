import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildApps } from '@parley/stack';
import type { Interceptor } from '../net/link.ts';
import { openTap, type Tap } from './open-tap.ts';
import { startWorld, type World } from './world.ts';

export type TestWorld = {
  world: World;
  tap: Tap;
  dataDir: string;
  /** For `afterEach`: once a test has failed, what the programs said is kept, for nothing else tells why. */
  note(test: { task: { result?: { state: string } } }): void;
  dispose(): Promise<void>;
};

/** `tools/torture/test-output`, which git leaves out. */
const OUTPUT = join(import.meta.dirname, '../../test-output');

/** A world of a spec's own, from what the sources are now. */
export async function startTestWorld(intercept?: (link: string) => Interceptor | undefined): Promise<TestWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-torture-'));
  const apps = ['auth-api', 'user-api', 'chat-api', 'realtime-gateway'] as const;
  await buildApps({ dataDir, apps, listen: () => undefined });
  const world = await startWorld({ dataDir, ...(intercept ? { intercept } : {}) });
  const tap = await openTap(world.rabbitUrl);
  let hasFailed = false;
  return {
    world,
    tap,
    dataDir,
    note: ({ task }) => {
      if (task.result?.state === 'fail') hasFailed = true;
    },
    dispose: async () => {
      await tap.close();
      await world.stop();
      if (hasFailed) {
        const kept = join(OUTPUT, basename(dataDir));
        cpSync(join(dataDir, 'logs'), kept, { recursive: true });
        process.stderr.write(`what the programs said is kept in ${kept}\n`);
      }
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
