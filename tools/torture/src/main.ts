import { readOptions } from './options.ts';
import { describeState } from './progress.ts';
import { readDataDir } from './env.ts';
import { torture } from './torture.ts';

/** @returns the exit code: 0 when no promise was broken */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const startedAt = performance.now();
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());

  say(`torture --seed ${options.seed} --minutes ${options.minutes} --pairs ${options.pairs} --rate ${options.rate}`);
  const result = await torture({
    options,
    dataDir: readDataDir(),
    say,
    progress: (state) => say(describeState(state, (performance.now() - startedAt) / 1_000)),
    signal: ending.signal,
  });
  say(`\n${result.sends} sends acknowledged, ${JSON.stringify(result.counts)}, ${result.faults} faults`);
  say(`refusals: ${JSON.stringify(Object.fromEntries(result.refusals))}`);
  for (const { rule, chatId, evidence } of result.violations) {
    say(`VIOLATION (seed ${options.seed}): ${rule}${chatId === null ? '' : ` in chat ${chatId}`}: ${evidence}`);
  }
  say(result.violations.length === 0 ? 'No violation.' : `${result.violations.length} violations.`);
  return result.violations.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`torture: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
