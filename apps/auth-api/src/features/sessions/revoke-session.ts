import type { SessionId, UserId } from '@parley/domain';
import { DURABLE, type OutboxRelay } from '@parley/mongo';
import type { SessionStore } from '@parley/redis';
import type { Clock } from '@parley/service-kit';
import type { Collection } from 'mongodb';
import type { SessionDocument } from './session-document.ts';

export type RevokeSessionDeps = {
  sessions: Collection<SessionDocument>;
  sessionStore: SessionStore;
  relay: OutboxRelay<SessionDocument>;
  clock: Clock;
};

/**
 * Ends a session for good: no refresh any more, its access tokens refused by everyone who asks the session store, and its
 * sockets closed by `session.revoked`. Nothing happens where it ended before.
 */
export function createRevokeSession(deps: RevokeSessionDeps) {
  return async (session: { _id: SessionId; userId?: UserId } | { familyHash: string }): Promise<void> => {
    const now = deps.clock();
    const revoked = await deps.sessions.findOneAndUpdate(
      { ...session, revokedAt: { $exists: false } },
      { $set: { revokedAt: now, outbox: { at: now } }, $inc: { version: 1 } },
      { returnDocument: 'after', writeConcern: DURABLE },
    );
    if (!revoked) return;
    await deps.sessionStore.revoke(revoked._id);
    deps.relay.nudge(revoked);
  };
}
