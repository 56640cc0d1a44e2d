import { presenceRoom } from '@parley/contracts';
import type { PresenceById } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import type { Logger } from '@parley/service-kit';
import type { PresenceStore } from '../../ports.ts';
import type { GatewayServer } from '../../socket/socket-types.ts';

export type PresenceWatch = {
  /** Remembers what subscribers of this gateway were told. */
  told(presence: PresenceById): void;
  /** Compares what subscribers were told with the store, and tells them what they missed. */
  sweep(): Promise<void>;
};

const BATCH = 200;
const PREFIX = presenceRoom('' as UserId);

/**
 * Heals presence: a push may be lost with Redis, and a gateway that was killed tells nobody that its people went. What the
 * store says is compared with what the subscribers here were told; whoever just went is left to the grace of a reload.
 */
export function createPresenceWatch(o: {
  io: GatewayServer;
  store: PresenceStore;
  logger: Logger;
  graceMs: number;
}): PresenceWatch {
  const online = new Map<string, boolean>();

  const watched = (): UserId[] =>
    [...o.io.of('/').adapter.rooms.keys()]
      .filter((room) => room.startsWith(PREFIX))
      .map((room) => room.slice(PREFIX.length) as UserId);

  const compare = (id: UserId, now: { online: boolean; lastSeenAt: string | null }): void => {
    const before = online.get(id);
    const justWent = !now.online && now.lastSeenAt !== null && Date.now() - Date.parse(now.lastSeenAt) < o.graceMs;
    if (before === now.online || justWent) return;
    online.set(id, now.online);
    if (before === undefined) return;
    const room = o.io.local.to(presenceRoom(id));
    if (now.online) room.emit('user:online', { userId: id });
    else room.emit('user:offline', { userId: id, lastSeenAt: now.lastSeenAt });
  };

  return {
    told: (presence) => {
      for (const [id, state] of Object.entries(presence)) online.set(id, state.online);
    },
    sweep: async () => {
      const ids = watched();
      const present = new Set<string>(ids);
      for (const id of online.keys()) if (!present.has(id)) online.delete(id);
      try {
        for (let at = 0; at < ids.length; at += BATCH) {
          const batch = ids.slice(at, at + BATCH);
          const states = await o.store.online(batch);
          for (const id of batch) compare(id, states[id] ?? { online: false, lastSeenAt: null });
        }
      } catch (error) {
        o.logger.debug({ err: error }, 'presence not compared: the store is away');
      }
    },
  };
}
