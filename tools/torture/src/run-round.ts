import { setTimeout as sleep } from 'node:timers/promises';
import { checkHistory } from './check/check-history.ts';
import { fetchFresh } from './clients/fetch-fresh.ts';
import { preparePairs, type PairPlan } from './clients/prepare-chats.ts';
import type { Fault } from './faults/fault.ts';
import { runFaults, type FaultRun } from './faults/run-faults.ts';
import type { ChatHistory, Violation } from './history.ts';
import { startPlayers, type Players } from './players.ts';
import { createRandom } from './random.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { settle } from './settle.ts';
import { openStore, type Store } from './world/open-store.ts';
import type { Tap } from './world/open-tap.ts';
import type { World } from './world/world.ts';

export type RoundOptions = {
  world: World;
  tap: Tap;
  seed: number;
  durationMs: number;
  pairs: number;
  rate: number;
  faults: readonly Fault[];
  say(text: string): void;
  /** Called every second. */
  progress(state: RoundState): void;
  headsEveryMs?: number;
  quietWithinMs?: number;
  signal?: AbortSignal;
  /** Where the clients connect (default: each gateway by itself). */
  entries?: readonly string[];
  /** Runs beside the faults: what a saboteur does, say. The round goes on for as long as it runs. */
  meanwhile?: (recorder: Recorder) => Promise<void>;
};

export type RoundState = {
  phase: string;
  recorder: Recorder;
  faults: { begun: number; of: number; current: string[] };
};

export type RoundResult = {
  sends: number;
  faults: number;
  counts: Recorder['counts'];
  refusals: ReadonlyMap<string, number>;
  violations: Violation[];
};

const HEADS_EVERY_MS = 6_000;

/** Lets people talk while things break, waits until all is quiet, and checks. */
export async function runRound(o: RoundOptions): Promise<RoundResult> {
  const { world } = o;
  const entries = o.entries ?? world.entries;
  const recorder = createRecorder((violation) => o.say(`VIOLATION: ${JSON.stringify(violation)}`));
  const random = createRandom(o.seed);
  const store = openStore(world.mongoUri);
  const ending = new AbortController();
  o.signal?.addEventListener('abort', () => ending.abort(), { once: true });
  let faulting: FaultRun | undefined;
  let phase = 'people register';
  const ticking = setInterval(
    () =>
      o.progress({
        phase,
        recorder,
        faults: { begun: faulting?.begun() ?? 0, of: o.faults.length, current: faulting?.current() ?? [] },
      }),
    1_000,
  );
  let players: Players | undefined;
  try {
    const plans = await preparePairs(entries, o.pairs);
    phase = 'people talk';
    players = startPlayers({
      plans,
      entries,
      random: random.fork('players'),
      recorder,
      rate: o.rate,
      headsEveryMs: o.headsEveryMs ?? HEADS_EVERY_MS,
    });
    faulting = runFaults(world, o.faults, { say: o.say, signal: ending.signal });
    await Promise.all([
      faulting.done,
      o.meanwhile?.(recorder),
      sleep(o.durationMs, undefined, o.signal ? { signal: o.signal } : {}),
    ]);
    phase = 'all is whole again, clients heal';
    const chatIds = plans.map(({ chatId }) => chatId);
    await settle({ players, store, recorder, chatIds, ...(o.quietWithinMs ? { withinMs: o.quietWithinMs } : {}) });
    phase = 'checking';
    const violations = await check({ plans, players, store, recorder, tap: o.tap, entries });
    return {
      sends: recorder.sends(),
      faults: faulting.begun(),
      counts: recorder.counts,
      refusals: recorder.refusals(),
      violations: [...recorder.violations(), ...violations],
    };
  } finally {
    ending.abort();
    await faulting?.done.catch(() => undefined);
    clearInterval(ticking);
    players?.close();
    await store.close();
  }
}

async function check(o: {
  plans: readonly PairPlan[];
  players: Players;
  store: Store;
  recorder: Recorder;
  tap: Tap;
  entries: readonly string[];
}): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const { chatId, people, sessions } of o.plans) {
    const record = o.recorder.of(chatId);
    const fresh = await Promise.all(
      people.map(async ({ userId }, member) => {
        const session = sessions[member]?.[0];
        return {
          userId,
          messages: session ? await fetchFresh(o.entries[member % o.entries.length] ?? '', session, chatId) : [],
        };
      }),
    );
    const history: ChatHistory = {
      chatId,
      members: [people[0].userId, people[1].userId],
      attempts: record.attempts,
      acknowledged: record.acknowledged,
      acknowledgedMarks: record.marks,
      views: o.players.devices.filter((one) => one.chatId === chatId).map(({ device }) => device.view()),
      fresh,
      ...(await o.store.read(chatId)),
      told: o.tap.told,
    };
    violations.push(...checkHistory(history));
  }
  return violations;
}
