import { registeredUserAnswer, type RegisteredUser } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';

const TIMEOUT_MS = 2_000;

/**
 * auth-api's word about who registered. `authorization` is the header of the request that wants to know, since auth-api
 * answers only people who are signed in. Rejects with `unavailable` when auth-api can't be asked.
 */
export type RegisteredUsers = {
  byId(id: UserId, authorization: string): Promise<RegisteredUser | null>;
  byUsername(username: string, authorization: string): Promise<RegisteredUser | null>;
};

export function createRegisteredUsers(o: { authApiUrl: string }): RegisteredUsers {
  const ask = async (path: string, authorization: string): Promise<RegisteredUser | null> => {
    const answer = await fetch(new URL(path, o.authApiUrl), {
      headers: { authorization },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw new HttpProblem('unavailable', `auth-api could not be asked: ${String(error)}`, { retryAfterSeconds: 1 });
    });
    if (answer.status === 404) return null;
    if (!answer.ok) {
      throw new HttpProblem('unavailable', `auth-api answered ${answer.status}`, { retryAfterSeconds: 1 });
    }
    return registeredUserAnswer.parse(await answer.json()).user;
  };

  return {
    byId: (id, authorization) => ask(`/internal/users/${id}`, authorization),
    byUsername: (username, authorization) =>
      ask(`/internal/users?username=${encodeURIComponent(username)}`, authorization),
  };
}
