import { retryUntil, type Health, type Logger, type Shutdown } from '@parley/service-kit';
import { MongoClient, type Db, type TopologyDescriptionChangedEvent } from 'mongodb';
import { settleWritesOfEndedConnections } from './settle-writes.ts';

settleWritesOfEndedConnections();

const WRITABLE = new Set(['Standalone', 'RSPrimary', 'Mongos', 'LoadBalancer']);
const RETRY = { minMs: 200, maxMs: 2_000 };

export type MongoOptions = {
  uri: string;
  database: string;
  logger: Logger;
  health?: Health;
  shutdown?: Shutdown;
  /** How this program is called in the server's log and `currentOp`. */
  appName: string;
};

export type Mongo = {
  db: Db;
  client: MongoClient;
  /** Resolves once the first connection is made; rejects when `close` comes before it. */
  ready(): Promise<void>;
  /** Whether a server that takes writes answers its heartbeats. */
  isUp(): boolean;
  /** Runs `fn` once connected, and again until it succeeds: for indexes. */
  onUp(fn: () => Promise<void>): void;
  close(): Promise<void>;
};

/**
 * A client of MongoDB that returns at once, connects in the background and reconnects for ever. An operation fails
 * within 2 s while no server is there, and within 10 s when a server says nothing.
 */
export function connectMongo(options: MongoOptions): Mongo {
  const { logger } = options;
  const client = new MongoClient(options.uri, {
    appName: options.appName,
    maxPoolSize: 50,
    serverSelectionTimeoutMS: 2_000,
    connectTimeoutMS: 2_000,
    socketTimeoutMS: 10_000,
    waitQueueTimeoutMS: 5_000,
    heartbeatFrequencyMS: 2_000,
    retryReads: true,
    // DocumentDB has none; every write of Parley may be repeated by whoever asked for it.
    retryWrites: false,
  });
  let isWritable = false;
  client.on('topologyDescriptionChanged', ({ newDescription }: TopologyDescriptionChangedEvent) => {
    const wasWritable = isWritable;
    isWritable = [...newDescription.servers.values()].some(({ type }) => WRITABLE.has(type));
    if (isWritable && !wasWritable) logger.info('mongodb connected');
    if (!isWritable && wasWritable) logger.warn('mongodb is away, reconnecting');
  });

  const closing = new AbortController();
  const again = { ...RETRY, signal: closing.signal };
  const ready = retryUntil(() => client.connect(), {
    ...again,
    onRetry: (error, attempt) => {
      if (attempt === 0) logger.warn({ err: error }, 'mongodb is not there yet, connecting');
    },
  });
  ready.catch((error: unknown) => logger.debug({ err: error }, 'mongodb closed before it connected'));

  const mongo: Mongo = {
    db: client.db(options.database),
    client,
    ready: async () => void (await ready),
    isUp: () => isWritable,
    onUp: (fn) => {
      const run = async (): Promise<void> => {
        await ready;
        await retryUntil(fn, {
          ...again,
          onRetry: (error) => logger.warn({ err: error }, 'preparing the database failed, trying again'),
        });
      };
      run().catch((error: unknown) => logger.debug({ err: error }, 'mongodb closed before it was prepared'));
    },
    close: async () => {
      closing.abort(new Error('closed'));
      await client.close();
    },
  };
  options.health?.add('mongodb', mongo.isUp);
  options.shutdown?.add('mongodb', mongo.close);
  return mongo;
}
