import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Starts to listen and gives the port, which is the system's choice where `port` is 0. Rejects when it is in use. */
export async function listenOn(server: Server, o: { host: string; port: number }): Promise<number> {
  server.listen(o.port, o.host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
