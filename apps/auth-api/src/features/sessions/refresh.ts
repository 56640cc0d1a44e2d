import type { SessionId, UserId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import { DURABLE } from '@parley/mongo';
import type { SessionStore } from '@parley/redis';
import type { Clock } from '@parley/service-kit';
import type { Collection } from 'mongodb';
import type { Client } from '../accounts/client-of.ts';
import { decideRefresh } from './decide-refresh.ts';
import { newRefreshToken, readRefreshToken } from './refresh-token.ts';
import { SESSION_TTL_SECONDS, type SessionDocument } from './session-document.ts';

export type RefreshDeps = {
  sessions: Collection<SessionDocument>;
  sessionStore: SessionStore;
  revokeSession(session: { _id: SessionId }): Promise<void>;
  clock: Clock;
};

/** Each try is lost only to another refresh of the same session that won. */
const TRIES_MAX = 40;

/**
 * Exchanges a refresh token for the next one. The change matches the version of the session that it was decided on, so of two
 * at once one wins, and the other decides again on what the first has made of it.
 *
 * @throws HttpProblem `refresh_invalid`, or `refresh_reused` after having revoked the session
 */
export function createRefresh(deps: RefreshDeps) {
  return async (
    token: string | undefined,
    client: Client,
  ): Promise<{ sid: SessionId; userId: UserId; refreshToken: string }> => {
    const presented = token === undefined ? undefined : readRefreshToken(token);
    if (!presented) throw invalid();
    const fresh = newRefreshToken(presented.family);

    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const session = await deps.sessions.findOne({ familyHash: presented.familyHash });
      if (!session) throw invalid();
      const now = deps.clock();
      const decision = decideRefresh(session, { presented: presented.secretHash, fresh: fresh.secretHash, now });
      if (decision.kind === 'refuse') throw invalid();
      if (decision.kind === 'revoke') {
        await deps.revokeSession({ _id: session._id });
        throw new HttpProblem('refresh_reused', 'This session was ended for safety. Please sign in again.');
      }
      const { matchedCount } = await deps.sessions.updateOne(
        { _id: session._id, version: session.version },
        {
          $set: {
            ...decision.next,
            lastUsedAt: now,
            expiresAt: new Date(now.getTime() + SESSION_TTL_SECONDS * 1_000),
            device: client.device,
            ip: client.ip,
          },
          $inc: { version: 1 },
        },
        { writeConcern: DURABLE },
      );
      if (matchedCount === 0) continue;
      await deps.sessionStore.put(session._id, session.userId, SESSION_TTL_SECONDS);
      return { sid: session._id, userId: session.userId, refreshToken: fresh.token };
    }
    throw new HttpProblem('unavailable', 'This session is being refreshed too often at once.', {
      retryAfterSeconds: 1,
    });
  };
}

function invalid(): HttpProblem {
  return new HttpProblem('refresh_invalid', 'This session has ended. Please sign in again.');
}
