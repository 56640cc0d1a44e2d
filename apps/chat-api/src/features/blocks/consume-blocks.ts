import type { EventHandler } from '@parley/rabbitmq';
import { untilMongoIsBack } from '../until-mongo-is-back.ts';
import type { Blocks } from './blocks.ts';

export const BLOCKS_QUEUE = 'chat.blocks';
export const BLOCKS_BINDINGS = [{ exchange: 'user.events', keys: ['user.blocked', 'user.unblocked'] }] as const;

/**
 * Takes over blocks from user-api's events.
 * @param signal ends the waiting for MongoDB at shutdown; the broker then delivers the event again
 */
export function createBlocksHandler(o: { blocks: Blocks; signal: AbortSignal }): EventHandler {
  return async (event) => {
    if (event.type !== 'user.blocked' && event.type !== 'user.unblocked') return;
    const { userId, blockedUserId } = event.payload;
    const change = { userId, blockedUserId, blocked: event.type === 'user.blocked', at: new Date(event.at) };
    await untilMongoIsBack(() => o.blocks.apply(change), o.signal);
  };
}
