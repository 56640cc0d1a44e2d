import { setTimeout as sleep } from 'node:timers/promises';
import { isMongoAway } from '@parley/mongo';
import type { EventHandler } from '@parley/rabbitmq';
import type { Blocks } from './blocks.ts';

const RETRY_MS = 500;

export const BLOCKS_QUEUE = 'chat.blocks';
export const BLOCKS_BINDINGS = [{ exchange: 'user.events', keys: ['user.blocked', 'user.unblocked'] }] as const;

/**
 * Takes over blocks from user-api's events. While MongoDB is away an event waits here, unacknowledged: trying it five times and
 * giving it up would lose a block for an outage of ours.
 *
 * @param signal ends the waiting at shutdown; the broker then delivers the event again
 */
export function createBlocksHandler(o: { blocks: Blocks; signal: AbortSignal }): EventHandler {
  return async (event) => {
    if (event.type !== 'user.blocked' && event.type !== 'user.unblocked') return;
    const { userId, blockedUserId } = event.payload;
    const change = { userId, blockedUserId, blocked: event.type === 'user.blocked', at: new Date(event.at) };
    for (;;) {
      try {
        await o.blocks.apply(change);
        return;
      } catch (error) {
        if (!isMongoAway(error)) throw error;
      }
      await sleep(RETRY_MS, undefined, { signal: o.signal });
    }
  };
}
