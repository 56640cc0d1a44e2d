import type { SessionId, UserId } from '@parley/domain';
import { outboxIndex, type OutboxState } from '@parley/mongo';
import type { Collection } from 'mongodb';
import type { RefreshState } from './decide-refresh.ts';

/** One sign-in on one device: a family of refresh tokens, each of which replaced the one before. Only hashes are kept. */
export type SessionDocument = RefreshState & {
  _id: SessionId;
  userId: UserId;
  /** SHA-256 of what all tokens of the family share. */
  familyHash: string;
  /** Counts changes of the refresh state; a change matches the version it was decided on. */
  version: number;
  createdAt: Date;
  lastUsedAt: Date;
  device: string;
  ip: string;
  /** Present until `session.revoked` is on the broker. */
  outbox?: OutboxState;
};

/** Sliding: each refresh gives another 30 days. */
export const SESSION_TTL_SECONDS = 30 * 24 * 3_600;

export async function ensureSessionIndexes(sessions: Collection<SessionDocument>): Promise<void> {
  await sessions.createIndexes([
    { key: { familyHash: 1 }, unique: true, name: 'familyHash_1' },
    { key: { userId: 1, lastUsedAt: -1 }, name: 'userId_1_lastUsedAt_-1' },
    { key: { expiresAt: 1 }, expireAfterSeconds: 0, name: 'expiresAt_1' },
    outboxIndex(),
  ]);
}
