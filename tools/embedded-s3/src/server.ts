import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from '@parley/service-kit/process';
import { checkRule } from './cors.ts';
import { handleRequest } from './handle-request.ts';
import type { Endpoint } from './handle-request.ts';
import { Store } from './storage/store.ts';

export type EmbeddedS3Options = {
  /** TCP port; 0 takes a free one. */
  port: number;
  /** Folder of the data, made when missing. Without it, and with `ephemeral`, a temporary one. */
  dataDir?: string;
  /** Data is removed at the end. */
  ephemeral?: boolean;
  /** Address to listen on; loopback unless told. */
  host?: string;
  accessKey: string;
  secretKey: string;
  /** Default `us-east-1`. */
  region?: string;
  /** Made when missing. */
  buckets?: readonly string[];
  /** Pages of these origins may read and write in those buckets. */
  corsOrigins?: readonly string[];
};

export type EmbeddedS3 = {
  /** `http://127.0.0.1:<port>`, for clients with path-style addresses. */
  endpoint: string;
  port: number;
  dataDir: string;
  accessKey: string;
  secretKey: string;
  region: string;
  /** Ends all connections and gives the folder free. */
  close(): Promise<void>;
};

/** Nothing that has begun may wait for ever: headers, a whole request, and silence (milliseconds). */
const LIMITS = { headers: 10_000, request: 300_000, idle: 30_000, keepAlive: 65_000, headerBytes: 16_384 };

/** Starts the endpoint in this process; rejects with one clear sentence when the folder or port cannot be had. */
export async function startEmbeddedS3(options: EmbeddedS3Options): Promise<EmbeddedS3> {
  const { host = '127.0.0.1', ephemeral = false, region = 'us-east-1', accessKey, secretKey } = options;
  if (!options.dataDir && !ephemeral) throw new Error('a data folder is needed, unless the data is ephemeral');
  if (!/^[^\s/,]+$/.test(accessKey) || secretKey === '') throw new Error('an access key and a secret key are needed');
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'embedded-s3-'));
  mkdirSync(dataDir, { recursive: true });
  const unlock = lockFolder(dataDir);
  try {
    const store = new Store(dataDir);
    await makeBuckets(store, options);
    const endpoint: Endpoint = {
      store,
      account: { accessKey, secretKey, region },
      onError: (error) =>
        process.stderr.write(`embedded-s3: ${error instanceof Error ? error.stack : String(error)}\n`),
    };
    const { server, settled } = createHttpServer(endpoint);
    const port = await listen(server, options.port, host);
    return {
      endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
      port,
      dataDir,
      accessKey,
      secretKey,
      region,
      async close() {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeAllConnections();
        await closed;
        await settled();
        unlock();
        if (ephemeral) rmSync(dataDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

async function makeBuckets(store: Store, o: EmbeddedS3Options): Promise<void> {
  const rule = {
    origins: [...(o.corsOrigins ?? [])],
    methods: ['GET', 'HEAD', 'PUT'],
    allowedHeaders: ['*'],
    exposeHeaders: ['ETag'],
    maxAgeSeconds: 3600,
  };
  checkRule(rule);
  for (const name of o.buckets ?? []) {
    const bucket = store.find(name) ?? (await store.create(name));
    if (rule.origins.length > 0) await bucket.setCors([rule]);
  }
}

/** @returns the server, and what waits until all that it has begun has come to its end */
function createHttpServer(endpoint: Endpoint): { server: Server; settled(): Promise<void> } {
  const running = new Set<Promise<void>>();
  const handle = (req: IncomingMessage, res: ServerResponse): void => {
    res.on('error', () => res.destroy());
    const handled = handleRequest(endpoint, req, res);
    running.add(handled);
    void handled.finally(() => running.delete(handled));
  };
  const server = createServer(
    {
      headersTimeout: LIMITS.headers,
      requestTimeout: LIMITS.request,
      keepAliveTimeout: LIMITS.keepAlive,
      maxHeaderSize: LIMITS.headerBytes,
      connectionsCheckingInterval: 2_000,
    },
    handle,
  );
  server.setTimeout(LIMITS.idle, (socket) => socket.destroy());
  // "Expect: 100-continue": nothing is sent here that will be refused.
  server.on('checkContinue', handle);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    else socket.destroy();
  });
  return { server, settled: async () => void (await Promise.all(running)) };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} on ${host} is in use by another program`) : error);
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
