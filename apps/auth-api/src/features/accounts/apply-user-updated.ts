import type { BrokerEventOf } from '@parley/contracts';
import { DURABLE } from '@parley/mongo';
import type { Collection } from 'mongodb';
import type { UserDocument } from './user-document.ts';

/**
 * Keeps the display name, which user-api owns, as it was told last, so that sign-in answers with today's.
 * Events may come twice and in any order: an older one changes nothing.
 */
export function createApplyUserUpdated(users: Collection<UserDocument>) {
  return async ({ payload, at }: BrokerEventOf<'user.updated'>): Promise<void> => {
    const displayNameAt = new Date(at);
    await users.updateOne(
      { _id: payload.userId, $or: [{ displayNameAt: { $exists: false } }, { displayNameAt: { $lt: displayNameAt } }] },
      { $set: { displayName: payload.displayName, displayNameAt } },
      { writeConcern: DURABLE },
    );
  };
}
