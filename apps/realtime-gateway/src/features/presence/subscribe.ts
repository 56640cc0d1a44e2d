import { presenceRoom } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import type { Ask } from '../../ports.ts';
import { clientEvent } from '../../socket/client-event.ts';
import type { GatewaySocket } from '../../socket/socket-types.ts';
import { joinRooms } from '../../socket/socket-types.ts';
import type { PresenceWatch } from './presence-watch.ts';

/** More people than a client shows at a time; whom it asked for first is dropped first. */
const SUBSCRIPTIONS_MAX = 1_000;
const PREFIX = presenceRoom('' as UserId);

/**
 * `presence:subscribe`: adds people to those whose comings and goings this socket is told. user-api decides whom the caller
 * may see; the others are not in the answer, and a subscription from before they hid is ended.
 */
export const subscribe = (ask: Ask, watch: PresenceWatch) =>
  clientEvent('presence:subscribe', async ({ socket, caller }, { userIds }) => {
    if (userIds.length === 0) return { presence: {} };
    const { presence } = await ask('user.presence', { callerId: caller.userId, userIds });
    const hidden = userIds.filter((id) => !(id in presence));
    for (const id of hidden) await socket.leave(presenceRoom(id));
    await joinRooms(socket, userIds.filter((id) => id in presence).map(presenceRoom));
    await dropOldest(socket);
    watch.told(presence);
    return { presence };
  });

async function dropOldest(socket: GatewaySocket): Promise<void> {
  const rooms = [...socket.rooms].filter((room) => room.startsWith(PREFIX));
  for (const room of rooms.slice(0, Math.max(0, rooms.length - SUBSCRIPTIONS_MAX))) await socket.leave(room);
}
