import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import type { Clock, Health, Logger, Metrics, Shutdown } from '@parley/service-kit';
import { createCloudFrontSigner, type CloudFront } from './cloudfront-signer.ts';
import { ensureBucket } from './ensure-bucket.ts';
import { createGuard } from './guard.ts';
import { limitBytes, tooLarge } from './limit-bytes.ts';
import { createPresigner, type Presigner } from './presigner.ts';
import { createClients } from './s3-clients.ts';
import { isStorageError, StorageError } from './storage-error.ts';

export type ObjectStorageOptions = {
  bucket: string;
  region: string;
  /** Outside AWS. */
  endpoint?: string;
  /** Where browsers reach it, when that is another address than ours. */
  publicEndpoint?: string;
  /** Without both, what the SDK finds by itself: the role of the machine or container. */
  accessKey?: string;
  secretKey?: string;
  /** `http://host/bucket/key` rather than `http://bucket.host/key` (default: outside AWS). */
  forcePathStyle?: boolean;
  /** What browsers read through, in place of the bucket's own signed URLs. Uploads go to the bucket all the same. */
  cloudFront?: CloudFront;
  logger: Logger;
  metrics?: Metrics;
  /** Adds the check `s3`, for a service that is of no use without it. */
  health?: Health;
  shutdown?: Shutdown;
  clock?: Clock;
};

export type ObjectInfo = { bytes: number; contentType: string; modifiedAt: Date };

export type StoredObject = { key: string; bytes: number; modifiedAt: Date };

export type PutObject = {
  key: string;
  /** A stream is sent once: when that fails, it is not tried again. */
  body: Buffer | Readable;
  /** Needed with a stream. */
  bytes?: number;
  contentType: string;
  cacheControl?: string;
  /** Fails with `exists` where there is an object already. */
  onlyNew?: boolean;
};

/** Every operation but presigning throws `StorageError`, and fails at once while the store is away. */
export type ObjectStorage = Presigner & {
  put(o: PutObject): Promise<void>;
  /**
   * The object as a stream.
   * @throws StorageError `not_found`; `too_large`, at once where the store tells its length, else in the stream
   */
  get(key: string, o: { maxBytes: number }): Promise<ObjectInfo & { body: Readable }>;
  /** Undefined where there is none. */
  head(key: string): Promise<ObjectInfo | undefined>;
  /** Deletes what is there of these, any number. */
  delete(keys: readonly string[]): Promise<void>;
  /** All objects whose key begins so, in the order of their keys, fetched page by page. */
  list(prefix: string): AsyncGenerator<StoredObject>;
  /** For development: makes the bucket, and lets pages of these origins use it. */
  ensureBucket(o: { corsOrigins: readonly string[] }): Promise<void>;
  /** Whether the store answered when it was last asked. */
  isUp(): boolean;
  close(): void;
};

/** Milliseconds for all attempts of an operation: of a few bytes, and of one that carries an object. */
const TIMEOUT = { small: 5_000, large: 60_000, health: 1_500 };
const DELETED_AT_ONCE = 1000;

/** A bucket of S3, or of what speaks its API. Connects when it is first used, and again whenever it has to. */
export function createObjectStorage(o: ObjectStorageOptions): ObjectStorage {
  const { bucket: Bucket, clock = () => new Date() } = o;
  const { client, signer, close } = createClients(o);
  const cloudFront = o.cloudFront && createCloudFrontSigner(o.cloudFront);
  const guard = createGuard({ logger: o.logger, metrics: o.metrics });

  const listPage = (prefix: string, token: string | undefined) =>
    guard.run('list', TIMEOUT.small, (abortSignal) =>
      client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, ContinuationToken: token }), { abortSignal }),
    );

  const deletePage = (keys: readonly string[]) =>
    guard.run('delete', TIMEOUT.small, async (abortSignal) => {
      const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet: true };
      const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete }), { abortSignal });
      const [first] = Errors;
      if (first)
        throw new StorageError('refused', `delete: ${Errors.length} objects, ${first.Key}: ${first.Message ?? ''}`);
    });

  const head = (key: string): Promise<ObjectInfo> =>
    guard.run('head', TIMEOUT.small, async (abortSignal) =>
      infoOf(await client.send(new HeadObjectCommand({ Bucket, Key: key }), { abortSignal })),
    );

  const storage: ObjectStorage = {
    ...createPresigner({ client: signer, bucket: Bucket, cloudFront, clock }),
    put: ({ key, body, bytes, contentType, cacheControl, onlyNew }) =>
      guard.run('put', TIMEOUT.large, async (abortSignal) => {
        const command = new PutObjectCommand({
          Bucket,
          Key: key,
          Body: body,
          ContentLength: bytes ?? (Buffer.isBuffer(body) ? body.length : undefined),
          ContentType: contentType,
          CacheControl: cacheControl,
          IfNoneMatch: onlyNew ? '*' : undefined,
        });
        await client.send(command, { abortSignal });
      }),
    get: (key, { maxBytes }) =>
      guard.run('get', TIMEOUT.large, async (abortSignal) => {
        const found = await client.send(new GetObjectCommand({ Bucket, Key: key }), { abortSignal });
        if (!(found.Body instanceof Readable)) throw new Error('the answer has no body');
        const info = infoOf(found);
        if (info.bytes > maxBytes) {
          found.Body.destroy();
          throw tooLarge(key, maxBytes);
        }
        return { ...info, body: limitBytes(found.Body, key, maxBytes) };
      }),
    head: (key) =>
      head(key).catch((error: unknown) => {
        if (isStorageError(error, 'not_found')) return undefined;
        throw error;
      }),
    delete: async (keys) => {
      for (let from = 0; from < keys.length; from += DELETED_AT_ONCE)
        await deletePage(keys.slice(from, from + DELETED_AT_ONCE));
    },
    list: async function* (prefix) {
      let token: string | undefined;
      do {
        const page = await listPage(prefix, token);
        for (const { Key: key, Size: bytes, LastModified: modifiedAt } of page.Contents ?? [])
          if (key !== undefined && modifiedAt) yield { key, bytes: bytes ?? 0, modifiedAt };
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
    ensureBucket: ({ corsOrigins }) =>
      guard.run('ensureBucket', TIMEOUT.small, (signal) =>
        ensureBucket({ client, bucket: Bucket, region: o.region, corsOrigins, signal }),
      ),
    isUp: guard.isUp,
    close,
  };

  o.health?.add('s3', async () => {
    await guard.run('health', TIMEOUT.health, (abortSignal) =>
      client.send(new HeadBucketCommand({ Bucket }), { abortSignal }),
    );
    return true;
  });
  o.shutdown?.add('s3', close);
  return storage;
}

const infoOf = (found: { ContentLength?: number; ContentType?: string; LastModified?: Date }): ObjectInfo => ({
  bytes: found.ContentLength ?? 0,
  contentType: found.ContentType ?? 'application/octet-stream',
  modifiedAt: found.LastModified ?? new Date(0),
});
