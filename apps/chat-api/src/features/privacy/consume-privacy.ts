import type { EventHandler } from '@parley/rabbitmq';
import { untilMongoIsBack } from '../until-mongo-is-back.ts';
import type { Privacy } from './privacy.ts';

export const PRIVACY_QUEUE = 'chat.privacy';
export const PRIVACY_BINDINGS = [{ exchange: 'user.events', keys: ['user.updated'] }] as const;

/**
 * Takes over from user-api's events who shows read receipts.
 * @param signal ends the waiting for MongoDB at shutdown; the broker then delivers the event again
 */
export function createPrivacyHandler(o: { privacy: Privacy; signal: AbortSignal }): EventHandler {
  return async (event) => {
    if (event.type !== 'user.updated') return;
    const { userId, privacy } = event.payload;
    const change = { userId, readReceipts: privacy.readReceipts, at: new Date(event.at) };
    await untilMongoIsBack(() => o.privacy.apply(change), o.signal);
  };
}
