import { defineConfig } from 'vitest/config';

/** The tier a run executes; it is part of a spec's file name: `x.unit.spec.ts`, `x.int.spec.ts`. */
type Tier = 'unit' | 'int';

const tier: Tier = process.env['TEST_TIER'] === 'int' ? 'int' : 'unit';

/**
 * The Vitest configuration of one project.
 *
 * Unit specs need nothing but Node. Integration specs need the engines whose URLs `npm test` puts
 * into the environment, and get more time because they start connections, channels and indexes.
 *
 * @param project name of the npm workspace, its folder, `happy-dom` where it renders React, and whether it is `heavy`: starts whole
 *   stacks and loads them, which would make services of other specs answer that they are unavailable; it runs when these are done
 */
export function defineTierConfig(project: {
  name: string;
  root: string;
  environment?: 'node' | 'happy-dom';
  heavy?: boolean;
}) {
  return defineConfig({
    root: project.root,
    cacheDir: '../../node_modules/.vite/' + project.name,
    // Workspace libraries are read from their sources, so that no test needs a build.
    resolve: { conditions: ['@parley/source', 'module', 'browser', 'development|production'] },
    ssr: { resolve: { conditions: ['@parley/source', 'node'] } },
    test: {
      name: project.name,
      environment: project.environment ?? 'node',
      include: ['src/**/*.' + tier + '.spec.{ts,tsx}'],
      passWithNoTests: true,
      testTimeout: tier === 'int' ? 60_000 : 5_000,
      hookTimeout: tier === 'int' ? 90_000 : 10_000,
      restoreMocks: true,
      // One whole stack at a time.
      ...(project.heavy && tier === 'int' ? { maxWorkers: 1 } : {}),
      sequence: { groupOrder: project.heavy && tier === 'int' ? 1 : 0 },
    },
  });
}
