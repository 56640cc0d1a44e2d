import { findLogErrors } from './check/find-log-errors.ts';
import { describeFault, type Fault } from './faults/fault.ts';
import { planFaults, type Pace } from './faults/plan-faults.ts';
import type { Violation } from './history.ts';
import type { TortureOptions } from './options.ts';
import { createRandom } from './random.ts';
import { runRound, type RoundResult, type RoundState } from './run-round.ts';
import { openTap } from './world/open-tap.ts';
import { startWorld, type World } from './world/world.ts';

/** At the end of the time nothing is broken any more, but what was takes its time to come back. */
const CALM_MS = 3_000;

/** The faults of a run on this world: the same seed and duration, the same faults. */
export function scheduleOf(world: World, o: { seed: number; minutes: number; paceMs?: Pace }): Fault[] {
  return planFaults({
    random: createRandom(o.seed).fork('faults'),
    durationMs: o.minutes * 60_000 - CALM_MS,
    paceMs: o.paceMs,
    breakable: {
      groups: world.groups,
      links: world.links,
      entries: world.entryLinks,
    },
  });
}

/** One whole run: a world of its own, faults by the seed, and what was found. */
export async function torture(o: {
  options: TortureOptions;
  dataDir: string;
  say(text: string): void;
  progress(state: RoundState): void;
  signal?: AbortSignal;
}): Promise<RoundResult> {
  const { seed, minutes, pairs, rate } = o.options;
  const world = await startWorld({ dataDir: o.dataDir, say: o.say, ...(o.signal ? { signal: o.signal } : {}) });
  try {
    const faults = scheduleOf(world, { seed, minutes });
    o.say(`seed ${seed}: ${faults.length} faults in ${minutes} min`);
    for (const fault of faults) o.say(`  ${(fault.atMs / 1000).toFixed(1).padStart(6)} s  ${describeFault(fault)}`);
    const tap = await openTap(world.rabbitUrl);
    const result = await runRound({
      world,
      tap,
      seed,
      durationMs: minutes * 60_000,
      pairs,
      rate,
      faults,
      say: o.say,
      progress: o.progress,
      ...(o.signal ? { signal: o.signal } : {}),
    });
    await tap.close();
    return { ...result, violations: [...result.violations, ...programViolations(world, o.dataDir)] };
  } finally {
    await world.stop();
  }
}

/** What the programs themselves did wrong: ended by themselves, or logged what nobody expected. */
export function programViolations(world: World, dataDir: string): Violation[] {
  const deaths = world.deaths().map(({ program, reason }) => ({
    rule: 'nothing dies by itself',
    chatId: null,
    evidence: `${program}: ${reason}`,
  }));
  return [...deaths, ...findLogErrors(dataDir, world.programs)];
}
