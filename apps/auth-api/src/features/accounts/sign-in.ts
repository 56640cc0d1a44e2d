import type { LoginBody } from '@parley/contracts';
import { HttpProblem } from '@parley/http-server';
import type { Collection } from 'mongodb';
import type { PasswordHasher } from './password-hasher.ts';
import type { Throttle } from './throttle.ts';
import type { UserDocument } from './user-document.ts';

export type SignInDeps = { users: Collection<UserDocument>; passwords: PasswordHasher; throttle: Throttle };

/**
 * The account whose name and password these are. For a name that nobody has it takes as long and answers the same as for a
 * wrong password, so that it doesn't tell who has an account here.
 *
 * @throws HttpProblem `invalid_credentials`, `too_many_attempts`
 */
export function createSignIn(deps: SignInDeps) {
  return async ({ identifier, password }: LoginBody, network: string): Promise<UserDocument> => {
    const name = identifier.includes('@') ? { email: identifier } : { username: identifier };
    const user = await deps.users.findOne(name);
    // By the account where there is one, or guessing at its username and at its e-mail address would have a budget each.
    const attempt = await deps.throttle.signIn(user?._id ?? identifier, network);
    const isRight = await deps.passwords.matches(password, user?.passwordHash);
    if (!user || !isRight) throw new HttpProblem('invalid_credentials', 'The name or the password is wrong.');

    await attempt.succeeded();
    if (deps.passwords.isOutdated(user.passwordHash)) await rehash(deps, user, password);
    return user;
  };
}

/** Takes the chance that the password is at hand. Matching the old hash keeps a password that was changed meanwhile. */
async function rehash(deps: SignInDeps, user: UserDocument, password: string): Promise<void> {
  const passwordHash = await deps.passwords.hash(password);
  await deps.users.updateOne({ _id: user._id, passwordHash: user.passwordHash }, { $set: { passwordHash } });
}
