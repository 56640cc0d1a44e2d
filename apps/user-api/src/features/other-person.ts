import type { UserId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import type { People } from './profiles/people.ts';

/**
 * Makes sure that `otherId` is somebody, and somebody else.
 * @throws HttpProblem `invalid_request` for oneself, `user_not_found` for nobody
 */
export async function requireOtherPerson(
  people: People,
  o: { callerId: UserId; otherId: UserId; authorization: string },
): Promise<void> {
  if (o.otherId === o.callerId) {
    const errors = [{ path: 'id', message: 'must be somebody else' }];
    throw new HttpProblem('invalid_request', 'That is you.', { errors });
  }
  if (!(await people.byId(o.otherId, o.authorization))) throw new HttpProblem('user_not_found');
}
