import type { AccountUser, RegisteredUser } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import { outboxIndex, type OutboxState } from '@parley/mongo';
import type { Collection } from 'mongodb';

/** An account. `username` and `email` are kept in lower case, as the contracts' schemas read them. */
export type UserDocument = {
  _id: UserId;
  username: string;
  email: string;
  displayName: string;
  /** When user-api last told the display name; a name told earlier than that is an old one that comes late. */
  displayNameAt?: Date;
  /** argon2id in PHC string format. */
  passwordHash: string;
  createdAt: Date;
  /** Present until `user.registered` is on the broker. */
  outbox?: OutboxState;
};

export async function ensureUserIndexes(users: Collection<UserDocument>): Promise<void> {
  await users.createIndexes([
    { key: { username: 1 }, unique: true, name: 'username_1' },
    { key: { email: 1 }, unique: true, name: 'email_1' },
    outboxIndex(),
  ]);
}

/** What its owner gets to see. */
export function presentAccount(user: UserDocument): AccountUser {
  return { id: user._id, username: user.username, email: user.email, displayName: user.displayName };
}

/** What other services get to know: no e-mail address. */
export function presentRegisteredUser(user: UserDocument): RegisteredUser {
  return {
    id: user._id,
    username: user.username,
    displayName: user.displayName,
    createdAt: user.createdAt.toISOString(),
  };
}
