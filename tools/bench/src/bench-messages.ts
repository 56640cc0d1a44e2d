import { checkStored } from './check-stored.ts';
import type { BenchStack } from './env.ts';
import { findEjabberd } from './ejabberd/find-ejabberd.ts';
import { measureEjabberd } from './ejabberd/measure-ejabberd.ts';
import { renderRival } from './ejabberd/render-rival.ts';
import { measure, type Measured } from './measure.ts';
import { measureBare } from './measure-bare.ts';
import type { BenchOptions } from './options.ts';
import { preparePairs } from './prepare-pairs.ts';
import { createProgress } from './progress.ts';
import { faults, ratios, renderReport } from './report.ts';

/** The page isn't part of a message's way. */
const NOT_COUNTED = new Set(['web']);

/**
 * `npm run bench [-- --clients 500] [--open 1000] [--instances 2]`: messages through the whole of Parley, through the bare relay and, where
 * it is installed, through ejabberd with its archive on.
 * @returns the exit code: 0 when no message was lost, doubled or stored otherwise than acknowledged
 */
export async function benchMessages(options: BenchOptions, { urls, gateways, pids }: BenchStack): Promise<number> {
  const progress = createProgress();
  const common = { ...options, progress };
  const servers = Object.fromEntries(Object.entries(pids).filter(([name]) => !NOT_COUNTED.has(name)));

  const pairs = await preparePairs(urls.api, options.clients, progress);
  const parley = await measure({ ...common, name: 'Parley', urls: gateways, pairs, pids: servers });
  const stored = await checkStored(urls.api, pairs, parley.heads);
  const bare = await measureBare({ ...common, pairs: pairs.length });
  const ejabberd = await compare({ ...common, pairs: pairs.length });
  progress.end();

  const result = { options, parley, stored, bare };
  const rival = typeof ejabberd === 'string' ? ejabberd : renderRival(parley, ejabberd);
  const wrong = faults(result);
  const text = options.json
    ? JSON.stringify(
        { ...result, ejabberd, ratios: ratios(result), faults: wrong },
        (key, value) => (key === 'heads' ? undefined : (value as unknown)),
        2,
      )
    : `${renderReport(result)}\n\n${rival}`;
  process.stdout.write(`${text}\n`);
  for (const fault of wrong) process.stderr.write(`FAULT: ${fault}\n`);
  return wrong.length === 0 ? 0 : 1;
}

/** The rival's figures, or why there are none: they are no reason to lose ours. */
async function compare(o: Parameters<typeof measureEjabberd>[1]): Promise<Measured | string> {
  const programs = findEjabberd();
  if (typeof programs === 'string') return programs;
  try {
    return await measureEjabberd(programs, o);
  } catch (error) {
    return `ejabberd: not compared, for it failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
