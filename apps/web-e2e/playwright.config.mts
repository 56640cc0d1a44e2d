import { chromium, defineConfig, devices } from '@playwright/test';
import { existsSync } from 'node:fs';
import { env } from './src/env.ts';

const DISTRIBUTION_CHROMIUM = '/usr/bin/chromium';
const BREAKS = /@breaks/;
const WAITS = /@waits/;
const bundled = chromium.executablePath();

/** `npm test` starts the whole stack and names it in the environment; nothing is started here. */
export default defineConfig({
  testDir: './src',
  testMatch: '**/*.e2e.spec.ts',
  outputDir: './test-output/results',
  reporter: [['list'], ['json', { outputFile: 'test-output/report.json' }]],
  // A test that passes the second time only has found something.
  retries: 0,
  // Much of a story is waiting: two of them share two cores well beside the whole stack, and one more that does little else.
  workers: 3,
  // Each step has its own limit; a story of many steps may take long where the cores are busy.
  timeout: 240_000,
  expect: { timeout: 15_000 },
  use: {
    ...devices['Desktop Chrome'],
    baseURL: env.baseUrl,
    viewport: { width: 1280, height: 800 },
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    screenshot: 'only-on-failure',
    // Pictures of every step would take a quarter of the time.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: true, sources: false },
    launchOptions: {
      executablePath: existsSync(bundled) ? bundled : DISTRIBUTION_CHROMIUM,
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'chromium', grepInvert: [BREAKS, WAITS], workers: 2 },
    { name: 'waits', grep: WAITS, workers: 1 },
    // What kills a part of the stack runs alone, after all else.
    { name: 'breaks', grep: BREAKS, workers: 1, dependencies: ['chromium', 'waits'] },
  ],
});
