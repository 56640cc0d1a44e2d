import type { SessionId, UserId } from '@parley/domain';
import { DURABLE } from '@parley/mongo';
import type { SessionStore } from '@parley/redis';
import type { Clock } from '@parley/service-kit';
import type { Collection } from 'mongodb';
import type { Client } from '../accounts/client-of.ts';
import { newRefreshToken } from './refresh-token.ts';
import { SESSION_TTL_SECONDS, type SessionDocument } from './session-document.ts';

export type StartSessionDeps = {
  sessions: Collection<SessionDocument>;
  sessionStore: SessionStore;
  clock: Clock;
  newSessionId: () => SessionId;
};

/** Begins a session of somebody who has just proved who they are. */
export function createStartSession(deps: StartSessionDeps) {
  return async (userId: UserId, client: Client): Promise<{ sid: SessionId; refreshToken: string }> => {
    const now = deps.clock();
    const sid = deps.newSessionId();
    const { token, familyHash, secretHash } = newRefreshToken();
    await deps.sessions.insertOne(
      {
        _id: sid,
        userId,
        familyHash,
        version: 1,
        current: [secretHash],
        previous: [],
        rotatedAt: now,
        createdAt: now,
        lastUsedAt: now,
        device: client.device,
        ip: client.ip,
        expiresAt: new Date(now.getTime() + SESSION_TTL_SECONDS * 1_000),
      },
      { writeConcern: DURABLE },
    );
    await deps.sessionStore.put(sid, userId, SESSION_TTL_SECONDS);
    return { sid, refreshToken: token };
  };
}
