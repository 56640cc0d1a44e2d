import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APPS, ENGINE_VARIABLES } from '../apps.ts';
import { serveControl } from '../control.ts';
import { NX, ROOT } from '../paths.ts';
import type { Stack } from '../stack.ts';
import { ensureBrowser } from './browser.ts';
import { runCommand } from './run-command.ts';
import { tallyOfCheck, tallyOfPlaywright, tallyOfVitest } from './tally.ts';
import type { Tally } from './tally.ts';

export type PhaseName = 'sync' | 'lint' | 'types' | 'build' | 'unit' | 'int' | 'e2e';

/** What phases share: the run's engines, which come up while the first phases run, and where reports go. */
export type PhaseContext = {
  stack: Promise<Stack>;
  reports: string;
  /** Words that choose test files, as Vitest and Playwright take them. */
  filters: readonly string[];
  signal: AbortSignal;
  say(text: string): void;
};

export type Phase = {
  name: PhaseName;
  title: string;
  needsEngines?: boolean;
  /** Later phases that don't wait for its end. */
  beside?: readonly PhaseName[];
  run(context: PhaseContext): Promise<Tally>;
};

/** Each project's own configuration. */
const LINT = ['.', '--flag', 'v10_config_lookup_from_file'];

/** In the order in which they begin: what is quick to tell comes first, and e2e needs the build. */
export const PHASES: readonly Phase[] = [
  { name: 'sync', title: 'project references (nx sync:check)', run: (context) => nx(context, ['sync:check']) },
  // One linter and one compiler for all projects: by itself each would read the libraries' types again.
  {
    name: 'lint',
    title: 'lint',
    // It uses one core; in two threads it would read all types twice.
    beside: ['types', 'build'],
    run: (context) => check(context, 'eslint/bin/eslint.js', LINT),
  },
  { name: 'types', title: 'types', run: (context) => check(context, 'typescript/bin/tsc', ['--build']) },
  { name: 'build', title: 'build', run: (context) => nx(context, ['run-many', '-t', 'build', 'bundle']) },
  { name: 'unit', title: 'unit tests', run: (context) => vitest(context, 'unit', {}) },
  {
    name: 'int',
    title: 'integration tests on real engines',
    needsEngines: true,
    run: async (context) => vitest(context, 'int', await engineEnv(context)),
  },
  { name: 'e2e', title: 'end-to-end tests in Chromium', needsEngines: true, run: playwright },
];

async function nx(context: PhaseContext, args: readonly string[]): Promise<Tally> {
  const code = await runCommand({
    command: process.execPath,
    args: [NX, ...args, ...(args[0] === 'run-many' ? ['--output-style=static', '--parallel=2', '--skipSync'] : [])],
    env: { NODE_ENV: undefined },
    signal: context.signal,
  });
  return tallyOfCheck(code === 0);
}

/** Runs a tool of node_modules over the whole workspace. */
async function check(context: PhaseContext, program: string, args: readonly string[]): Promise<Tally> {
  const code = await runCommand({
    command: process.execPath,
    args: [join(ROOT, 'node_modules', program), ...args],
    env: { NODE_ENV: undefined },
    signal: context.signal,
  });
  return tallyOfCheck(code === 0);
}

async function vitest(context: PhaseContext, tier: 'unit' | 'int', env: Record<string, string>): Promise<Tally> {
  const report = join(context.reports, `${tier}.json`);
  const code = await runCommand({
    command: process.execPath,
    args: [
      join(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`, '--maxWorkers=2'],
      ...context.filters,
    ],
    env: { ...env, TEST_TIER: tier, NODE_ENV: 'test' },
    signal: context.signal,
  });
  return tallyOfVitest(readReport(report), code);
}

async function engineEnv(context: PhaseContext): Promise<Record<string, string>> {
  const { env, rabbitManagementUrl } = await readyStack(context);
  const urls = Object.fromEntries(ENGINE_VARIABLES.map((name) => [name, env[name] ?? '']));
  return { ...urls, RABBITMQ_MANAGEMENT_URL: rabbitManagementUrl ?? '' };
}

async function readyStack(context: PhaseContext): Promise<Stack> {
  const stack = await context.stack;
  await stack.ready;
  return stack;
}

async function playwright(context: PhaseContext): Promise<Tally> {
  await ensureBrowser(context.say);
  const stack = await readyStack(context);
  await stack.startApps(APPS);
  const control = await serveControl(stack);
  const report = join(context.reports, 'e2e.json');
  try {
    const code = await runCommand({
      command: process.execPath,
      args: [
        join(ROOT, 'node_modules/@playwright/test/cli.js'),
        'test',
        ...['-c', 'apps/web-e2e/playwright.config.mts', '--reporter=list,json'],
        // Those that run first would else all run, whatever is chosen; and without them what breaks things must not run beside others.
        ...(context.filters.length > 0 ? ['--no-deps', '--workers=1'] : []),
        ...context.filters,
      ],
      env: {
        BASE_URL: stack.urls.web,
        API_URL: stack.urls.api,
        PARLEY_E2E_STACK: JSON.stringify({
          urls: stack.urls,
          env: stack.env,
          control: { url: control.url, token: control.token },
        }),
        PLAYWRIGHT_JSON_OUTPUT_FILE: report,
        NODE_OPTIONS: '--conditions=@parley/source',
      },
      signal: context.signal,
    });
    return tallyOfPlaywright(readReport(report), code);
  } finally {
    control.close();
  }
}

function readReport<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined; // the program ended before it could write one, which its tally counts as a failure
  }
}
