import type { CommandInput, CommandName, CommandOutput } from '@parley/contracts';
import type { SessionId, UserId } from '@parley/domain';
import type { Health, Logger, Metrics } from '@parley/service-kit';

/** Who a socket is, from its verified token: never from a payload. */
export type Caller = { userId: UserId; sessionId: SessionId };

/**
 * Asks the service that serves the command.
 * @throws an error with a `code` of contracts' ErrorCode: the service's own, or `unavailable`
 */
export type Ask = <C extends CommandName>(name: C, input: CommandInput<C>) => Promise<CommandOutput<C>>;

/** Whose token it is; null when it isn't good. Rejects with `code: 'unavailable'` when nobody can tell. */
export type VerifyToken = (token: string) => Promise<Caller | null>;

/** False only when the session store answers and says so. */
export type IsSessionLive = (sessionId: SessionId) => Promise<boolean>;

/** Which sockets a user has, cluster-wide. Every method rejects while the store is away. */
export type PresenceStore = {
  touch(userId: string, socketId: string): Promise<{ cameOnline: boolean }>;
  remove(userId: string, socketId: string): Promise<{ wentOffline: boolean; lastSeenAt: Date }>;
  online(userIds: string[]): Promise<Record<string, { online: boolean; lastSeenAt: string | null }>>;
};

/** What every part writes to and is seen by. */
export type Observers = { logger: Logger; metrics: Metrics; health: Health };
