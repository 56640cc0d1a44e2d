import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatId } from '@parley/domain';
import type { Players } from './players.ts';
import type { Recorder } from './recorder.ts';
import type { Store } from './world/open-store.ts';

/** Longer than the lease of an outbox entry, a comparison of heads and the pause after a failure together. */
const QUIET_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;

/**
 * Lets the clients finish what they began, and waits until every device has healed by itself and everything was told: nothing is
 * fetched for them. What doesn't become quiet in time is a violation; the check then tells what it is.
 */
export async function settle(o: {
  players: Players;
  store: Store;
  recorder: Recorder;
  chatIds: readonly ChatId[];
  withinMs?: number;
}): Promise<void> {
  const { players, store, recorder, chatIds } = o;
  const deadline = performance.now() + (o.withinMs ?? QUIET_WITHIN_MS);
  const until = async (what: string, waiting: () => Promise<string[]>): Promise<void> => {
    let left = await waiting();
    while (left.length > 0 && performance.now() < deadline) {
      await sleep(LOOK_EVERY_MS);
      left = await waiting();
    }
    if (left.length > 0) {
      const evidence = `${left.length}: ${left.slice(0, 5).join(', ')}`;
      recorder.violated({ rule: `all becomes quiet: ${what}`, chatId: null, evidence });
    }
  };
  let heads = new Map<ChatId, { seq: number; rev: number }>();
  const devicesWhere = (fits: (one: Players['devices'][number]) => boolean): string[] =>
    players.devices
      .filter(fits)
      .map(({ chatId, device }) => `${device.name} ${device.describe()} of ${JSON.stringify(heads.get(chatId))}`);

  await players.finish(deadline - performance.now());
  heads = await store.heads(chatIds);
  const headOf = (chatId: ChatId) => heads.get(chatId) ?? { seq: 0, rev: 0 };
  await until('devices have everything', async () =>
    devicesWhere(({ chatId, device }) => !device.isCaughtUpWith(headOf(chatId))),
  );
  for (const { device } of players.devices) device.seeAll();
  await until('everything is reported as seen', async () =>
    devicesWhere(
      ({ chatId, device }) => !device.isReportedUpTo(Math.min(headOf(chatId).seq, device.messages().length)),
    ),
  );
  await until('devices have all receipts', async () => {
    const all = new Set(players.devices.map(({ device }) => device.account.userId));
    return devicesWhere(({ chatId, device }) => {
      const members = players.devices
        .filter((other) => other.chatId === chatId)
        .map((other) => other.device.account.userId);
      return members.some((id) => all.has(id) && (device.marks()[id]?.seen ?? 0) < headOf(chatId).seq);
    });
  });
  await until('the outbox is empty', store.untold);
}
