import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { createClient } from 'redis';
import { dropBucket } from './drop-bucket.ts';
import { engineUrls, type S3Access } from './env.ts';
import { createRabbitVhost } from './rabbit-vhost.ts';

/** Which engines a spec uses: those set to true, or, when none is, all but S3 that are not set to false. */
export type EngineChoice = { mongo?: boolean; rabbit?: boolean; redis?: boolean; s3?: boolean };

export type TestEngines = {
  mongoUri: string;
  /** Name of this spec's own database; a name that starts with it is dropped by `dispose` too. */
  database: string;
  /** AMQP URL with this spec's own virtual host. */
  rabbitUrl: string;
  redisUrl: string;
  /** Prefix (it ends with a colon) of every key of this spec. */
  redisKeyPrefix: string;
  /** S3, and the name of a bucket of this spec's own, which the code under test makes. */
  s3: S3Access & { bucket: string };
  /** Drops the database, the virtual host, the keys and the bucket. */
  dispose(): Promise<void>;
};

/**
 * The run's real engines, with room of their own for one spec file, so that files can run side by side.
 *
 * @throws when RabbitMQ is wanted and does not answer; MongoDB and Redis are first used by the code under test
 */
export async function createTestEngines(choice: EngineChoice = {}): Promise<TestEngines> {
  const urls = engineUrls();
  const wants = chosen(choice);
  const id = `${Date.now().toString(36)}${randomBytes(4).toString('hex')}`;
  const database = `test_${id}`;
  const redisKeyPrefix = `test:${id}:`;
  const s3 = { ...urls.s3, bucket: `test-${id}` };
  const vhost = wants.rabbit
    ? await createRabbitVhost({ url: urls.rabbitUrl, managementUrl: urls.rabbitManagementUrl, name: `test-${id}` })
    : { url: urls.rabbitUrl, drop: async () => undefined };

  return {
    mongoUri: urls.mongoUri,
    database,
    rabbitUrl: vhost.url,
    redisUrl: urls.redisUrl,
    redisKeyPrefix,
    s3,
    dispose: async () => {
      await Promise.all([
        wants.mongo ? dropDatabases(urls.mongoUri, database) : undefined,
        vhost.drop(),
        wants.redis ? dropKeys(urls.redisUrl, redisKeyPrefix) : undefined,
        wants.s3 ? dropBucket(s3) : undefined,
      ]);
    },
  };
}

function chosen(choice: EngineChoice): Required<EngineChoice> {
  const others = !Object.values(choice).includes(true);
  return {
    mongo: choice.mongo ?? others,
    rabbit: choice.rabbit ?? others,
    redis: choice.redis ?? others,
    s3: choice.s3 ?? false,
  };
}

async function dropDatabases(uri: string, prefix: string): Promise<void> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 10_000 });
  try {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    const own = databases.map(({ name }) => name).filter((name) => name.startsWith(prefix));
    await Promise.all(own.map((name) => client.db(name).dropDatabase()));
  } finally {
    await client.close();
  }
}

async function dropKeys(url: string, prefix: string): Promise<void> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  // An emitter needs a listener; the command that met the error rejects with it as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    for await (const keys of client.scanIterator({ MATCH: `${prefix}*`, COUNT: 500 })) {
      if (keys.length > 0) await client.unlink(keys);
    }
  } finally {
    await client.close();
  }
}
