import type { RegisteredUser } from '@parley/contracts';
import { HttpProblem } from '@parley/http-server';
import type { Collection, Filter } from 'mongodb';
import { presentRegisteredUser, type UserDocument } from './user-document.ts';

/**
 * The account of an id or a username, for another service that has not heard of it yet.
 * @throws HttpProblem `user_not_found`
 */
export function createFindUser(users: Collection<UserDocument>) {
  return async (filter: Pick<UserDocument, '_id'> | Pick<UserDocument, 'username'>): Promise<RegisteredUser> => {
    const user = await users.findOne(filter as Filter<UserDocument>);
    if (!user) throw new HttpProblem('user_not_found', 'There is no such person.');
    return presentRegisteredUser(user);
  };
}
