import { setTimeout as sleep } from 'node:timers/promises';
import { isMongoAway } from '@parley/mongo';

const RETRY_MS = 500;

/**
 * Runs `take` until MongoDB is there to take it. An event waits here, unacknowledged: trying it five times and giving it up would
 * lose it for an outage of ours.
 */
export async function untilMongoIsBack(take: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await take();
      return;
    } catch (error) {
      if (!isMongoAway(error)) throw error;
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}
