import type { BrokerEventOf } from '@parley/contracts';
import type { UserDocument } from './user-document.ts';

/** The event of an account's opening: the same, with the same id, however often it is published. */
export function userRegistered(user: UserDocument): BrokerEventOf<'user.registered'> {
  const createdAt = user.createdAt.toISOString();
  return {
    id: `user:${user._id}:registered`,
    type: 'user.registered',
    version: 1,
    at: createdAt,
    payload: { userId: user._id, username: user.username, displayName: user.displayName, createdAt },
  };
}
