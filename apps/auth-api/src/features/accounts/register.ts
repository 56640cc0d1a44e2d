import type { ErrorCode, RegisterBody } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import { DURABLE, isDuplicateKey, type OutboxRelay } from '@parley/mongo';
import type { Clock } from '@parley/service-kit';
import type { Collection } from 'mongodb';
import type { PasswordHasher } from './password-hasher.ts';
import type { Throttle } from './throttle.ts';
import type { UserDocument } from './user-document.ts';

export type RegisterDeps = {
  users: Collection<UserDocument>;
  passwords: PasswordHasher;
  throttle: Throttle;
  relay: OutboxRelay<UserDocument>;
  clock: Clock;
  newUserId: () => UserId;
};

/**
 * Opens an account. The unique indexes decide who gets a name that two want at once; the very insert carries the outbox entry
 * of `user.registered`.
 *
 * @throws HttpProblem `username_taken`, `email_taken`, `too_many_attempts`
 */
export function createRegister(deps: RegisterDeps) {
  return async (body: RegisterBody, network: string): Promise<UserDocument> => {
    await deps.throttle.registration(network);
    // Only saves the hash for nothing; the indexes have the last word.
    const { username, email } = body;
    const taken = await deps.users.findOne({ $or: [{ username }, { email }] }, { projection: { username: 1 } });
    if (taken) throw nameTaken(taken.username === username ? 'username' : 'email');

    const now = deps.clock();
    const user: UserDocument = {
      _id: deps.newUserId(),
      username,
      email,
      displayName: body.displayName ?? username,
      passwordHash: await deps.passwords.hash(body.password),
      createdAt: now,
      outbox: { at: now },
    };
    try {
      await deps.users.insertOne(user, { writeConcern: DURABLE });
    } catch (error) {
      if (isDuplicateKey(error)) throw nameTaken('username' in error.keyPattern ? 'username' : 'email');
      throw error;
    }
    deps.relay.nudge(user);
    return user;
  };
}

function nameTaken(field: 'username' | 'email'): HttpProblem {
  const code: ErrorCode = `${field}_taken`;
  const message = field === 'username' ? 'This username is taken.' : 'There is an account with this e-mail address.';
  return new HttpProblem(code, message, { errors: [{ path: field, message }] });
}
