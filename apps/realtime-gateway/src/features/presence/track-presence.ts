import { setTimeout as sleep } from 'node:timers/promises';
import { presenceRoom } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import type { Logger } from '@parley/service-kit';
import type { PresenceStore } from '../../ports.ts';
import type { GatewayServer } from '../../socket/socket-types.ts';

export type PresenceTracker = {
  /** A socket is there, or still there: on connecting, and again before its entry expires. False while the store is away. */
  touch(userId: UserId, socketId: string): Promise<boolean>;
  /** A socket has gone. Whoever has none left is told to be offline after the grace that a page reload needs. */
  remove(userId: UserId, socketId: string): Promise<boolean>;
};

/**
 * Keeps the presence of this gateway's sockets in the store, and tells those who may see it, on all gateways, who came and
 * who went. While the store is away nothing is told; the next touch after its return says it all again.
 */
export function createPresenceTracker(o: {
  io: GatewayServer;
  store: PresenceStore;
  logger: Logger;
  graceMs: number;
}): PresenceTracker {
  const quietly = async (what: string, fn: () => Promise<void>): Promise<boolean> => {
    try {
      await fn();
      return true;
    } catch (error) {
      o.logger.debug({ err: error }, `presence not ${what}: the store is away`);
      return false;
    }
  };

  return {
    touch: (userId, socketId) =>
      quietly('touched', async () => {
        const { cameOnline } = await o.store.touch(userId, socketId);
        if (cameOnline) o.io.to(presenceRoom(userId)).emit('user:online', { userId });
      }),
    remove: (userId, socketId) =>
      quietly('removed', async () => {
        const { wentOffline, lastSeenAt } = await o.store.remove(userId, socketId);
        if (!wentOffline) return;
        await sleep(o.graceMs, undefined, { ref: false });
        const state = (await o.store.online([userId]))[userId];
        if (state?.online) return;
        o.io.to(presenceRoom(userId)).emit('user:offline', {
          userId,
          lastSeenAt: state?.lastSeenAt ?? lastSeenAt.toISOString(),
        });
      }),
  };
}
