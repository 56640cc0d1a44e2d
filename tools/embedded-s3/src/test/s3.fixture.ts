import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { DeleteObjectsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateBucketCommand, DeleteBucketCommand } from '@aws-sdk/client-s3';
import type { PutObjectCommand, GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { startEmbeddedS3 } from '../server.ts';
import type { GivenS3 } from './env.ts';
import { givenS3 } from './env.ts';

export type TestS3 = GivenS3 & {
  client: S3Client;
  /** A bucket of this spec's own. */
  bucket: string;
  stop(): Promise<void>;
};

/** The S3 that the environment names, else an embedded one, with a bucket of its own that goes away. */
export async function openS3(): Promise<TestS3> {
  const given = givenS3();
  return given ? openTarget(given) : openEmbedded();
}

/** An endpoint in this process, whatever the environment names. */
export async function openEmbedded(): Promise<TestS3 & { dataDir: string }> {
  const server = await startEmbeddedS3({ port: 0, ephemeral: true, accessKey: 'tester', secretKey: 'tested/secret' });
  const target = await openTarget(server);
  return {
    ...target,
    dataDir: server.dataDir,
    stop: async () => {
      await target.stop();
      await server.close();
    },
  };
}

async function openTarget(s3: GivenS3): Promise<TestS3> {
  const client = newClient(s3);
  const bucket = `test-${Date.now().toString(36)}${randomBytes(4).toString('hex')}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    ...s3,
    client,
    bucket,
    stop: async () => {
      await empty(client, bucket);
      await client.send(new DeleteBucketCommand({ Bucket: bucket }));
      client.destroy();
    },
  };
}

export function newClient(s3: GivenS3, more: Partial<GivenS3> = {}): S3Client {
  const { endpoint, region, accessKey, secretKey } = { ...s3, ...more };
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  return new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
}

async function empty(client: S3Client, bucket: string): Promise<void> {
  for (;;) {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    if (Contents.length === 0) return;
    const Objects = Contents.map(({ Key }) => ({ Key }));
    await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }));
  }
}

/** A presigned URL as libs/object-storage makes them. */
export async function presign(
  s3: GivenS3,
  command: PutObjectCommand | GetObjectCommand | HeadObjectCommand,
  o: { expiresIn?: number; signingDate?: Date } = {},
): Promise<string> {
  const client = new S3Client({
    endpoint: s3.endpoint,
    region: s3.region,
    credentials: { accessKeyId: s3.accessKey, secretAccessKey: s3.secretKey },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return getSignedUrl(client, command as PutObjectCommand, {
    expiresIn: 300,
    signableHeaders: new Set(['content-type', 'cache-control']),
    ...o,
  });
}

export type RawRequest = { method: string; url: string; headers?: Record<string, string>; body?: Buffer | string };
export type RawAnswer = { status: number; headers: IncomingHttpHeaders; text: string; code: string | undefined };

/** One request as it is, without what a client library would mend; `path` of the URL is not normalised. */
export function send(o: RawRequest): Promise<RawAnswer> {
  const [, host = '', port, path = '/'] = /^http:\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(o.url) ?? [];
  return new Promise((resolve, reject) => {
    const req = request({ host, port, path, method: o.method, headers: o.headers ?? {}, agent: false }, (res) => {
      let text = '';
      res.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
      res.on('error', reject);
      res.on('end', () => {
        const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1];
        resolve({ status: res.statusCode ?? 0, headers: res.headers, text, code });
      });
    });
    req.on('error', reject);
    req.end(o.body);
  });
}

/** A request of the SDK, signed by it and not sent, for a test to tamper with. */
export async function signedBySdk(
  client: S3Client,
  command: PutObjectCommand,
): Promise<Required<Pick<RawRequest, 'method' | 'url' | 'headers'>> & { body: string }> {
  let caught: { method: string; url: string; headers: Record<string, string>; body: string } | undefined;
  type Signed = {
    method: string;
    hostname: string;
    port?: number;
    path: string;
    query: Record<string, string>;
    headers: Record<string, string>;
    body?: unknown;
  };
  command.middlewareStack.add(
    () => (args) => {
      const { method, hostname, port, path, query, headers, body } = args.request as Signed;
      const search = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
      const url = `http://${hostname}:${port}${path}?${search.join('&')}`;
      caught = { method, url, headers, body: typeof body === 'string' ? body : '' };
      return Promise.reject(new Error('caught'));
    },
    { step: 'deserialize', name: 'catchSigned', priority: 'low' },
  );
  await client.send(command).catch((error: unknown) => {
    if (!caught) throw error;
  });
  if (!caught) throw new Error('the SDK signed nothing');
  return caught;
}

/** The code of the error with which a promise rejects. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: Error) => error.name,
  );
}
