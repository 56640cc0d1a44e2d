import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

export type TcpProxy = {
  /** Port on 127.0.0.1 that clients under test connect to. */
  port: number;
  /** Resets every connection and refuses new ones, as a broken network does. */
  cut(): void;
  /** Ends every connection in good order, as a server does that ends; new ones go through. */
  hangUp(): void;
  /** Lets connections through again after `cut`. */
  restore(): void;
  /** Holds every byte of both directions back while connections stay open, as a stalled peer does. */
  pause(): void;
  /** Lets held bytes flow again after `pause`. */
  resume(): void;
  close(): Promise<void>;
};

/** A proxy between a client and an engine through which a test can break their connection at will. */
export async function createTcpProxy(o: { target: { host: string; port: number } }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let isPaused = false;

  const forward = (from: Socket, to: Socket): void => {
    sockets.add(from);
    if (isPaused) from.pause();
    from.on('data', (chunk) => {
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => {
      if (!isPaused) from.resume();
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (isCut) {
      client.on('error', () => client.destroy());
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ ...o.target, allowHalfOpen: true, noDelay: true });
    forward(client, upstream);
    forward(upstream, client);
  });
  const port = await listenOnLoopback(server);

  return {
    port,
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.resetAndDestroy();
    },
    hangUp: () => {
      for (const socket of sockets) socket.end();
    },
    restore: () => {
      isCut = false;
    },
    pause: () => {
      isPaused = true;
      for (const socket of sockets) socket.pause();
    },
    resume: () => {
      isPaused = false;
      for (const socket of sockets) socket.resume();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listenOnLoopback(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
