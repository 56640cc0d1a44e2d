import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** What stands in the middle of one connection: bytes come in, and what it passes on goes out. */
export type Interceptor = (out: { toServer(chunk: Buffer): void; toClient(chunk: Buffer): void }) => {
  fromClient(chunk: Buffer): void;
  fromServer(chunk: Buffer): void;
};

/** One way between two parts, which can be broken. */
export type Link = {
  name: string;
  /** On 127.0.0.1: what the one who connects is given as address. */
  port: number;
  /** Resets all connections and refuses new ones. */
  cut(): void;
  /** Keeps connections open and holds every byte back. */
  stall(): void;
  /** Ends `cut` and `stall`. */
  restore(): void;
  close(): Promise<void>;
};

const passOn: Interceptor = ({ toServer, toClient }) => ({ fromClient: toServer, fromServer: toClient });

/**
 * A TCP proxy on a port of its own. Of several targets it takes the next one that can be connected to, as a load balancer does.
 *
 * @param o.targets ports on 127.0.0.1, asked for at each connection
 */
export async function createLink(o: {
  name: string;
  targets(): readonly number[];
  intercept?: Interceptor;
}): Promise<Link> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let isStalled = false;
  let turn = 0;

  const adopt = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    socket.on('end', () => other.end());
    socket.on('drain', () => isStalled || other.resume());
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  const join = (client: Socket, server: Socket): void => {
    if (client.destroyed || isCut) {
      server.destroy();
      client.resetAndDestroy();
      return;
    }
    adopt(client, server);
    adopt(server, client);
    const writeTo = (to: Socket, from: Socket) => (chunk: Buffer) => {
      if (to.writable && !to.write(chunk)) from.pause();
    };
    const between = (o.intercept ?? passOn)({ toServer: writeTo(server, client), toClient: writeTo(client, server) });
    client.on('data', between.fromClient);
    server.on('data', between.fromServer);
    if (isStalled) for (const socket of [client, server]) socket.pause();
    else for (const socket of [client, server]) socket.resume();
  };
  const dial = (client: Socket, waiting: readonly number[]): void => {
    const [port, ...others] = waiting;
    if (port === undefined || isCut || client.destroyed) {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
    const refused = (): void => dial(client, others);
    server.once('error', refused);
    server.once('connect', () => {
      server.off('error', refused);
      join(client, server);
    });
  };

  const listener = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (client) => {
    client.on('error', () => client.destroy());
    const targets = o.targets();
    turn += 1;
    dial(client, [...targets.slice(turn % targets.length), ...targets.slice(0, turn % targets.length)]);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', resolve);
  });

  return {
    name: o.name,
    port: (listener.address() as AddressInfo).port,
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.resetAndDestroy();
    },
    stall: () => {
      isStalled = true;
      for (const socket of sockets) socket.pause();
    },
    restore: () => {
      isCut = false;
      isStalled = false;
      for (const socket of sockets) socket.resume();
    },
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
