import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { StackListener } from '../events.ts';
import { dataFolder } from '../paths.ts';
import { seconds } from '../screen/render.ts';
import { StackError } from '../stack-error.ts';
import { startStack } from '../stack.ts';
import type { Stack } from '../stack.ts';
import { clearOldRuns } from '../testing/clear-old-runs.ts';
import { PHASES } from '../testing/phases.ts';
import type { Phase, PhaseContext } from '../testing/phases.ts';
import { addTallies, lastLine } from '../testing/tally.ts';
import type { Tally } from '../testing/tally.ts';
import { untilSignal } from '../until-signal.ts';

type Outcome = { phase: Phase; tally: Tally; tookMs: number };

/**
 * `npm test`: every check and test of the workspace on engines of the run's own, with fresh data that is removed
 * afterwards. `--only unit,int` runs some phases; other words choose test files.
 *
 * @returns 0 when all passed; what it prints ends with the line `N passed, N failed`
 */
export async function test(args: readonly string[]): Promise<number> {
  const { phases, filters } = readArguments(args);
  const signal = untilSignal(() => process.exit(130));
  const ending = new AbortController();
  const interrupted = signal.told.then(() => ending.abort());
  const say = (text: string) => process.stdout.write(`\n── ${text}\n`);

  await clearOldRuns();
  const dataDir = dataFolder(`test-${process.pid}`);
  const reports = join(dataDir, 'reports');
  mkdirSync(reports, { recursive: true });

  const stack = phases.some(({ needsEngines }) => needsEngines)
    ? startStack({
        dataDir,
        apps: [],
        nodeEnv: 'test',
        withManagement: true,
        // Whoever names a bucket at Amazon's has not meant it for tests.
        engines: { s3Bucket: undefined },
        listen: telling(say),
        signal: ending.signal,
      })
    : Promise.reject<Stack>(new StackError('this run starts no engines'));
  stack.then(({ ready }) => ready).catch(() => undefined); // told by the phases that need it
  try {
    const outcomes = await runPhases(phases, { stack, reports, filters, signal: ending.signal, say });
    process.stdout.write(`\n${summary(outcomes)}\n`);
    const total = addTallies(outcomes.map(({ tally }) => tally));
    await endRun(stack, dataDir, total.failed > 0);
    process.stdout.write(`${lastLine(total)}\n`);
    if (ending.signal.aborted) return 130;
    return total.failed === 0 ? 0 : 1;
  } finally {
    signal.forget();
    void interrupted;
  }
}

function readArguments(args: readonly string[]): { phases: readonly Phase[]; filters: string[] } {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { only: { type: 'string' } },
    allowPositionals: true,
  });
  if (values.only === undefined) return { phases: PHASES, filters: positionals };
  const names = values.only.split(',');
  const unknown = names.filter((name) => !PHASES.some((phase) => phase.name === name));
  if (unknown.length > 0) {
    throw new StackError(
      `no phase is named ${unknown.join(', ')}: there are ${PHASES.map(({ name }) => name).join(', ')}`,
    );
  }
  return { phases: PHASES.filter(({ name }) => names.includes(name)), filters: positionals };
}

async function runPhases(phases: readonly Phase[], context: PhaseContext): Promise<Outcome[]> {
  const began = performance.now();
  const begun: { phase: Phase; outcome: Promise<Outcome> }[] = [];
  for (const phase of phases) {
    await Promise.all(begun.map((one) => !one.phase.beside?.includes(phase.name) && one.outcome));
    if (context.signal.aborted) break;
    context.say(`${begun.length + 1}/${phases.length} ${phase.title} (at ${seconds(performance.now() - began)})`);
    begun.push({ phase, outcome: runPhase(phase, context) });
  }
  return Promise.all(begun.map(({ outcome }) => outcome));
}

async function runPhase(phase: Phase, context: PhaseContext): Promise<Outcome> {
  const since = performance.now();
  const tally = await phase.run(context).catch((error: unknown): Tally => {
    process.stderr.write(`${error instanceof StackError ? error.message : String((error as Error).stack)}\n`);
    return { passed: 0, failed: 1 };
  });
  return { phase, tally, tookMs: performance.now() - since };
}

function summary(outcomes: readonly Outcome[]): string {
  return outcomes
    .map(({ phase, tally, tookMs }) => {
      const sign = tally.failed === 0 ? '✓' : '✗';
      return `${sign} ${phase.title.padEnd(42)} ${lastLine(tally).padEnd(24)} ${seconds(tookMs).padStart(8)}`;
    })
    .join('\n');
}

/** Phases print much themselves: of the stack only what goes wrong is told. */
function telling(say: (text: string) => void): StackListener {
  return (event) => {
    if (event.type === 'note') say(event.text);
    else if (event.state === 'failed') say(`${event.name} failed: ${event.detail ?? ''}`);
  };
}

/** Removes the run's data. Logs and reports of a run that failed are kept: `.data/last-failed-test`. */
async function endRun(stack: Promise<Stack>, dataDir: string, hasFailed: boolean): Promise<void> {
  const running = await stack.catch(() => undefined);
  await running?.stop();
  const kept = dataFolder('last-failed-test');
  rmSync(kept, { recursive: true, force: true });
  for (const folder of hasFailed ? ['logs', 'reports'] : []) {
    const from = join(dataDir, folder);
    if (existsSync(from)) cpSync(from, join(kept, folder), { recursive: true });
  }
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
}
