import type { ClientToServerEvents, ServerToClientEvents } from '@parley/contracts';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { Caller } from '../ports.ts';

export type SocketData = { caller: Caller };

export type GatewayServer = Server<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, SocketData>;
export type GatewaySocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, SocketData>;

/** The room of all sockets of one sign-in: it is cut as a whole when the session is revoked. */
export const sessionRoom = (id: string) => `session:${id}`;

/** Puts a socket into rooms unless it has gone meanwhile: a room would keep a dead socket's id for ever. */
export async function joinRooms(socket: GatewaySocket, rooms: string[]): Promise<void> {
  if (socket.connected) await socket.join(rooms);
}
