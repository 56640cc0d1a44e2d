import { setTimeout as sleep } from 'node:timers/promises';
import { createActor } from './clients/act.ts';
import { createDevice, type Device } from './clients/device.ts';
import type { PairPlan } from './clients/prepare-chats.ts';
import type { Random } from './random.ts';
import type { Recorder } from './recorder.ts';
import type { ChatId } from '@parley/domain';

export type Players = {
  devices: readonly { chatId: ChatId; device: Device }[];
  /** Begins nothing new; settles when all that was begun is acknowledged, or given up at `giveUpAfterMs`. */
  finish(giveUpAfterMs: number): Promise<void>;
  close(): void;
};

/**
 * Whoever acts hears of what came before in the answer, even where no push arrives. So the second device of some (of pair 2, 8, 14, …)
 * does nothing but listen: it has only the pushes and its own comparisons.
 */
const onlyListens = (pair: number, member: number, index: number): boolean =>
  pair % 2 === 0 && member === 1 && index === 1;

/** All devices of all pairs, each acting by itself or listening: at random moments, together `rate` times a second at most. */
export function startPlayers(o: {
  plans: readonly PairPlan[];
  entries: readonly string[];
  random: Random;
  recorder: Recorder;
  rate: number;
  headsEveryMs: number;
}): Players {
  const devices: { chatId: ChatId; device: Device }[] = [];
  const lives: Promise<void>[] = [];
  let isPlaying = true;
  let isGivenUp = false;
  const count = o.plans.reduce((sum, { sessions }) => sum + sessions[0].length + sessions[1].length, 0);
  const thinkMs = (count / o.rate) * 1_000;

  o.plans.forEach(({ chatId, people, sessions }, pair) =>
    people.forEach((account, member) =>
      sessions[member]?.forEach((session, index) => {
        const name = `${pair}${'ab'[member]}${index + 1}`;
        const random = o.random.fork(name);
        const { recorder, entries, headsEveryMs } = o;
        const device = createDevice({ name, account, session, chatId, entries, random, recorder, headsEveryMs });
        const actor = createActor({ device, chatId, random, recorder, isGivenUp: () => isGivenUp });
        const live = async (): Promise<void> => {
          while (isPlaying) {
            // Exponential pauses: now everybody at once, now nobody, as people are.
            await sleep(Math.min(5 * thinkMs, -Math.log(1 - random.next()) * thinkMs));
            if (isPlaying) await actor.act();
          }
        };
        devices.push({ chatId, device });
        if (!onlyListens(pair, member, index)) lives.push(live());
      }),
    ),
  );

  return {
    devices,
    finish: async (giveUpAfterMs) => {
      isPlaying = false;
      const timer = setTimeout(() => (isGivenUp = true), giveUpAfterMs);
      await Promise.all(lives);
      clearTimeout(timer);
    },
    close: () => devices.forEach(({ device }) => device.close()),
  };
}
