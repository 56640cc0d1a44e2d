import { HttpProblem } from '@parley/http-server';
import type { UserId } from '@parley/domain';
import type { Logger } from '@parley/service-kit';

const TIMEOUT_MS = 3_000;

/** Whether there is a person of that id, as user-api tells somebody who asks with `authorization`. */
export type PersonExists = (userId: UserId, authorization: string) => Promise<boolean>;

/**
 * Asks user-api, with the caller's own token: chat-api has no rights of its own.
 * @throws HttpProblem `unavailable` when user-api can't tell
 */
export function createPersonExists(o: { userApiUrl: string; logger: Logger }): PersonExists {
  return async (userId, authorization) => {
    const url = new URL(`/api/v1/users/${encodeURIComponent(userId)}`, o.userApiUrl);
    let status: number;
    try {
      const answer = await fetch(url, { headers: { authorization }, signal: AbortSignal.timeout(TIMEOUT_MS) });
      // The body isn't needed; without this its connection stays taken.
      await answer.body?.cancel();
      status = answer.status;
    } catch (err) {
      o.logger.warn({ err }, 'user-api is away');
      throw unavailable();
    }
    if (status === 200) return true;
    if (status === 404) return false;
    o.logger.warn({ status }, 'user-api gave no answer to whether a person exists');
    throw unavailable();
  };
}

function unavailable(): HttpProblem {
  return new HttpProblem('unavailable', 'It cannot be told now whether that person exists.', { retryAfterSeconds: 1 });
}
