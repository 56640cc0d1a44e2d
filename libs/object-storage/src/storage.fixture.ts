import { createLogger } from '@parley/service-kit';
import { createTcpProxy, createTestEngines, type TcpProxy, type TestEngines } from '@parley/testing';
import { createObjectStorage, type ObjectStorage, type ObjectStorageOptions } from './create-object-storage.ts';
import { isStorageError } from './storage-error.ts';

export type StorageUnderTest = {
  storage: ObjectStorage;
  proxy: TcpProxy;
  engines: TestEngines;
  options: ObjectStorageOptions;
  end(): Promise<void>;
};

const silent = createLogger({ service: 'test', level: 'silent' });

/** The run's S3 through a proxy that a test can cut, with a bucket of its own, which is there. */
export async function storageThroughProxy(more: Partial<ObjectStorageOptions> = {}): Promise<StorageUnderTest> {
  const engines = await createTestEngines({ s3: true });
  const { hostname, port } = new URL(engines.s3.endpoint);
  const proxy = await createTcpProxy({ target: { host: hostname, port: Number(port) } });
  const options = { ...engines.s3, endpoint: `http://127.0.0.1:${proxy.port}`, logger: silent, ...more };
  const storage = createObjectStorage(options);
  await storage.ensureBucket({ corsOrigins: ['http://localhost:3000'] });
  return {
    storage,
    proxy,
    engines,
    options,
    end: async () => {
      storage.close();
      await proxy.close();
      await engines.dispose();
    },
  };
}

/** The code of the StorageError with which a promise rejects. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: unknown) => (isStorageError(error) ? error.code : `not a StorageError: ${String(error)}`),
  );

export async function read(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}
