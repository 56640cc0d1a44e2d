import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from '@parley/service-kit/process';
import { ObjectId } from 'bson';
import type { Engine } from './commands/command.ts';
import { Cursors } from './commands/cursors.ts';
import { dispatch } from './commands/dispatch.ts';
import { FailPoint } from './commands/fail-point.ts';
import { Catalog } from './storage/catalog.ts';
import { LEAVES_AT_START } from './storage/check-pages.ts';
import { checkData, prepareFolder } from './storage/data-folder.ts';
import { Store } from './storage/store.ts';
import { expire, startExpiry } from './storage/expiry.ts';
import { serveConnection } from './wire/connection.ts';

export type EmbeddedMongoOptions = {
  /** TCP port; 0 takes a free one. */
  port: number;
  /** Folder of the data, made when missing. Without it, and with `ephemeral`, a temporary one. */
  dataDir?: string;
  /** Data is removed at the end and writes don't wait for the disk. */
  ephemeral?: boolean;
  /** Address to listen on; loopback unless told. */
  host?: string;
  /** Commands for tests: `configureFailPoint`. */
  testCommands?: boolean;
};

export type EmbeddedMongo = {
  /** Connection string for the `mongodb` driver. */
  uri: string;
  port: number;
  dataDir: string;
  /** Deletes what TTL indexes let expire by `now`, as the engine does once a minute; resolves with their number. */
  expire(now: Date): Promise<number>;
  /** Ends all connections, writes what is left to disk and gives the folder free. */
  close(): Promise<void>;
};

/** Looks at every page of a data folder that no engine uses; @throws with one clear sentence when it is damaged */
export function checkFolder(dataDir: string): void {
  prepareFolder(dataDir);
  const unlock = lockFolder(dataDir);
  try {
    checkData(dataDir);
  } finally {
    unlock();
  }
}

/** Starts the engine in this process; rejects with one clear sentence when the folder or port cannot be had. */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const { host = '127.0.0.1', ephemeral = false } = options;
  if (!options.dataDir && !ephemeral) throw new Error('a data folder is needed, unless the data is ephemeral');
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'embedded-mongo-'));
  const path = prepareFolder(dataDir);
  const unlock = lockFolder(dataDir);
  let store: Store | undefined;
  try {
    checkData(dataDir, LEAVES_AT_START);
    const opened = (store = new Store(path, !ephemeral));
    const catalog = new Catalog(opened);
    await catalog.initialise();
    const sockets = new Set<Socket>();
    const engine: Engine = {
      store: opened,
      catalog,
      cursors: new Cursors(),
      startedAt: Date.now(),
      processId: new ObjectId(),
      connections: () => sockets.size,
      failPoint: options.testCommands ? new FailPoint() : undefined,
    };
    const stopExpiry = startExpiry(engine);
    const server = createServer((socket) => accept(engine, sockets, socket));
    const port = await listen(server, options.port, host);
    return {
      uri: `mongodb://${host}:${port}/?directConnection=true`,
      port,
      dataDir,
      expire: (now) => expire(engine, now),
      async close() {
        stopExpiry();
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        for (const socket of sockets) socket.destroy();
        await closed;
        await opened.close();
        unlock();
        if (ephemeral) rmSync(dataDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await store?.close();
    unlock();
    throw error;
  }
}

let connections = 0;

function accept(engine: Engine, sockets: Set<Socket>, socket: Socket): void {
  const id = ++connections;
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  serveConnection(socket, (request, signal) => dispatch(engine, request, id, signal));
}

function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} on ${host} is in use by another program`) : error);
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
