import { createLogger } from '@parley/service-kit';
import { createTcpProxy, createTestEngines, eventually, type TcpProxy, type TestEngines } from '@parley/testing';
import { connectMongo, type Mongo } from './connect-mongo.ts';

export type MongoUnderTest = { mongo: Mongo; proxy: TcpProxy; engines: TestEngines; end(): Promise<void> };

export const silent = createLogger({ service: 'test', level: 'silent' });

/** A connection to the run's MongoDB through a proxy that a test can cut, with a database of its own. */
export async function mongoThroughProxy(o: { cut?: boolean } = {}): Promise<MongoUnderTest> {
  const engines = await createTestEngines({ mongo: true });
  const { hostname, port } = new URL(engines.mongoUri);
  const proxy = await createTcpProxy({ target: { host: hostname, port: Number(port) } });
  if (o.cut) proxy.cut();
  const mongo = connectMongo({
    uri: `mongodb://127.0.0.1:${proxy.port}`,
    database: engines.database,
    logger: silent,
    appName: 'test',
  });
  if (!o.cut) await mongo.ready();
  return {
    mongo,
    proxy,
    engines,
    end: async () => {
      await mongo.close();
      await proxy.close();
      await engines.dispose();
    },
  };
}

export const untilUp = (mongo: Mongo, isUp = true): Promise<void> =>
  eventually(() => {
    if (mongo.isUp() !== isUp) throw new Error(`expected isUp() to be ${String(isUp)}`);
  });
