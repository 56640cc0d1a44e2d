import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApps } from '@parley/stack';
import type { Interceptor } from '../net/link.ts';
import { openTap, type Tap } from './open-tap.ts';
import { startWorld, type World } from './world.ts';

export type TestWorld = { world: World; tap: Tap; dataDir: string; dispose(): Promise<void> };

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
    dispose: async () => {
      await tap.close();
      await world.stop();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
