import { imageAnswer, newUploadAnswer, type Image, type NewUploadAnswer } from '@parley/contracts';
import type { ImageType, UploadId } from '@parley/domain';
import { createObjectStorage, type ObjectStorage } from '@parley/object-storage';
import { createLogger } from '@parley/service-kit';
import type { Env } from '../../env.ts';
import { createTcpProxy, type TcpProxy } from '@parley/testing';
import {
  createChatWorld,
  post,
  type Answer,
  type ChatWorld,
  type Instance,
  type Person,
} from '../../chat-instance.fixture.ts';

const logger = createLogger({ service: 'spec', level: 'silent' });

export type UploadWorld = {
  world: ChatWorld;
  api: Instance;
  /** For further instances on the same bucket. */
  env: Partial<Env>;
  /** The bucket, looked at from behind. */
  storage: ObjectStorage;
  /** Between chat-api and S3. */
  proxy: TcpProxy;
  dispose(): Promise<void>;
};

/** An instance of chat-api with a bucket of its own, behind a proxy that can be cut. */
export async function createUploadWorld(): Promise<UploadWorld> {
  const world = await createChatWorld({ mongo: true, rabbit: true, redis: true, s3: true });
  const { endpoint, ...s3 } = world.engines.s3;
  const { hostname, port } = new URL(endpoint);
  const proxy = await createTcpProxy({ target: { host: hostname, port: Number(port) } });
  const storage = createObjectStorage({ ...s3, endpoint, logger });
  await storage.ensureBucket({ corsOrigins: ['http://localhost:3000'] });
  // Browsers go there straight.
  const env = { S3_ENDPOINT: `http://127.0.0.1:${proxy.port}`, S3_PUBLIC_ENDPOINT: endpoint };
  const api = await world.start({ env });
  return {
    world,
    api,
    env,
    storage,
    proxy,
    dispose: async () => {
      storage.close();
      await world.dispose();
      await proxy.close();
    },
  };
}

export const UPLOADS = '/api/v1/chat/uploads';

export async function openUpload(
  api: Instance,
  as: Person,
  bytes: number,
  contentType: ImageType = 'image/jpeg',
): Promise<NewUploadAnswer> {
  const { status, body } = await post(api, UPLOADS, { contentType, bytes }, as);
  if (status !== 201) throw new Error(`no upload: ${status} ${JSON.stringify(body)}`);
  return newUploadAnswer.parse(body);
}

/** Does what a browser does with the answer; gives the status. */
export const putFile = async ({ url, headers }: NewUploadAnswer, file: Buffer, more: object = {}): Promise<number> =>
  (await fetch(url, { method: 'PUT', headers: { ...headers, ...more }, body: new Uint8Array(file) })).status;

export const complete = (api: Pick<Instance, 'url'>, as: Person | undefined, uploadId: UploadId): Promise<Answer> =>
  post(api, `${UPLOADS}/${uploadId}/complete`, {}, as);

/** Opens, puts, completes; gives the last answer. */
export async function upload(api: Instance, as: Person, file: Buffer, type: ImageType = 'image/jpeg') {
  const opened = await openUpload(api, as, file.length, type);
  const put = await putFile(opened, file);
  if (put !== 200) throw new Error(`not uploaded: ${put}`);
  return { uploadId: opened.uploadId, answer: await complete(api, as, opened.uploadId) };
}

export async function uploaded(
  api: Instance,
  as: Person,
  file: Buffer,
  type: ImageType = 'image/jpeg',
): Promise<Image> {
  const { answer } = await upload(api, as, file, type);
  if (answer.status !== 200) throw new Error(`not complete: ${JSON.stringify(answer)}`);
  return imageAnswer.parse(answer.body).image;
}

export async function keysOf(storage: ObjectStorage, uploadId: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list('')) if (key.includes(uploadId)) keys.push(key.split('/')[0] ?? '');
  return keys.sort();
}
