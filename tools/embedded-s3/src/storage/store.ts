import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Error } from '../errors.ts';
import { Bucket, isBucketName } from './bucket.ts';
import { syncFolder } from './durable.ts';
import { tailOf } from './object-file.ts';
import type { ObjectMeta } from './object-file.ts';

/** Everything in a data folder: `buckets/<name>/` and, while they are under way, `unfinished-uploads/`. */
export class Store {
  readonly #folder: string;
  readonly #unfinished: string;
  readonly #buckets = new Map<string, Bucket>();
  #lastCreated: Promise<unknown> = Promise.resolve();

  /** Reads what is there, and removes what never was acknowledged. */
  constructor(folder: string) {
    this.#folder = join(folder, 'buckets');
    this.#unfinished = join(folder, 'unfinished-uploads');
    rmSync(this.#unfinished, { recursive: true, force: true });
    mkdirSync(this.#unfinished, { recursive: true });
    mkdirSync(this.#folder, { recursive: true });
    for (const name of readdirSync(this.#folder)) {
      const bucket = Bucket.open(join(this.#folder, name));
      if (bucket) this.#buckets.set(name, bucket);
    }
  }

  list(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.info.name < b.info.name ? -1 : 1));
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** @throws S3Error NoSuchBucket */
  get(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', { BucketName: name });
    return bucket;
  }

  /** One after another, so that a name is had once. @throws S3Error InvalidBucketName, BucketAlreadyOwnedByYou */
  create(name: string): Promise<Bucket> {
    const created = this.#lastCreated.then(() => this.#create(name));
    this.#lastCreated = created.catch(() => undefined);
    return created;
  }

  async #create(name: string): Promise<Bucket> {
    if (!isBucketName(name)) throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.');
    if (this.#buckets.has(name))
      throw new S3Error('BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded.');
    const path = join(this.#folder, name);
    mkdirSync(path, { recursive: true });
    const bucket = await Bucket.create(path, { name, createdAt: Date.now(), cors: [] });
    await syncFolder(this.#folder);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** @throws S3Error NoSuchBucket, BucketNotEmpty */
  async delete(name: string): Promise<void> {
    if (!this.get(name).isEmpty) throw new S3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty');
    this.#buckets.delete(name);
    rmSync(join(this.#folder, name), { recursive: true });
    await syncFolder(this.#folder);
  }

  /**
   * Writes an object: `fill` writes its data and gives its description. When anything fails, or the process ends,
   * nothing of it is left; when it resolves, it is on disk.
   */
  async write(
    bucket: string,
    o: { onlyNew: boolean; fill(write: (piece: Buffer) => Promise<void>): Promise<ObjectMeta> },
  ): Promise<ObjectMeta> {
    const path = join(this.#unfinished, randomUUID());
    try {
      const meta = await withFile(path, async (file) => {
        const described = await o.fill((piece) => writeAll(file, piece));
        await writeAll(file, tailOf(described));
        await file.sync();
        return described;
      });
      // The bucket may be gone since it was looked for.
      await this.get(bucket).put(meta, path, o);
      return meta;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'wx');
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, piece: Buffer): Promise<void> {
  for (let at = 0; at < piece.length; ) at += (await file.write(piece, at)).bytesWritten;
}
