import { checkStored } from './check-stored.ts';
import { readStack } from './env.ts';
import { measure } from './measure.ts';
import { measureBare } from './measure-bare.ts';
import { benchMongo } from './mongo/bench-mongo.ts';
import { readOptions } from './options.ts';
import { preparePairs } from './prepare-pairs.ts';
import { createProgress } from './progress.ts';
import { faults, ratios, renderReport } from './report.ts';

/** The page isn't part of a message's way. */
const NOT_COUNTED = new Set(['web']);

async function main(): Promise<number> {
  const [subject, ...rest] = process.argv.slice(2);
  const stack = readStack();
  if (subject === 'mongo') return benchMongo(rest, stack);
  const options = readOptions(process.argv.slice(2));
  const { urls, pids } = stack;
  const progress = createProgress();
  const common = { ...options, progress };
  const servers = Object.fromEntries(Object.entries(pids).filter(([name]) => !NOT_COUNTED.has(name)));

  const pairs = await preparePairs(urls.api, options.clients, progress);
  const parley = await measure({ ...common, name: 'Parley', url: urls.socket, pairs, pids: servers });
  const stored = await checkStored(urls.api, pairs, parley.heads);
  const bare = await measureBare({ ...common, pairs: pairs.length });
  progress.end();

  const result = { options, parley, stored, bare };
  const wrong = faults(result);
  const text = options.json
    ? JSON.stringify(
        { ...result, ratios: ratios(result), faults: wrong },
        (key, value) => (key === 'heads' ? undefined : (value as unknown)),
        2,
      )
    : renderReport(result);
  process.stdout.write(`${text}\n`);
  for (const fault of wrong) process.stderr.write(`FAULT: ${fault}\n`);
  return wrong.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
