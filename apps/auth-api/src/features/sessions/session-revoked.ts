import type { BrokerEventOf } from '@parley/contracts';
import type { SessionDocument } from './session-document.ts';

/** The event of a session's end: the same, with the same id, however often it is published. */
export function sessionRevoked(session: SessionDocument): BrokerEventOf<'session.revoked'> {
  return {
    id: `session:${session._id}:revoked`,
    type: 'session.revoked',
    version: 1,
    at: (session.revokedAt ?? session.lastUsedAt).toISOString(),
    payload: { userId: session.userId, sessionId: session._id },
  };
}
