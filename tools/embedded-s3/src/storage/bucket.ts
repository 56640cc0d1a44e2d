import { createHash } from 'node:crypto';
import { existsSync, openSync, readFileSync, readdirSync, renameSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { CorsRule } from '../cors.ts';
import { S3Error } from '../errors.ts';
import { syncFolder, writeDurably } from './durable.ts';
import { readMeta } from './object-file.ts';
import type { ObjectMeta } from './object-file.ts';

export type BucketInfo = { name: string; createdAt: number; cors: CorsRule[] };

const INFO = 'bucket.json';

/** Names that are also safe as the name of a folder. */
export const isBucketName = (name: string): boolean =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+(\.\d+){3}$/.test(name);

/** A bucket: a folder of objects by the hash of their keys, never by their keys, and all descriptions in memory. */
export class Bucket {
  readonly #folder: string;
  readonly #objects = new Map<string, ObjectMeta>();
  #info: BucketInfo;
  /** Keys in the order of their UTF-8 bytes; undefined when it has to be made again. */
  #sorted: string[] | undefined;

  private constructor(folder: string, info: BucketInfo) {
    this.#folder = folder;
    this.#info = info;
  }

  static async create(folder: string, info: BucketInfo): Promise<Bucket> {
    await writeDurably(join(folder, INFO), JSON.stringify(info));
    return new Bucket(folder, info);
  }

  /** Undefined for a folder whose bucket was never acknowledged, or is deleted. @throws Error when an object is damaged */
  static open(folder: string): Bucket | undefined {
    const file = join(folder, INFO);
    if (!existsSync(file)) return undefined;
    const bucket = new Bucket(folder, JSON.parse(readFileSync(file, 'utf8')) as BucketInfo);
    for (const name of readdirSync(folder).filter((one) => /^[0-9a-f]{64}$/.test(one))) {
      const path = join(folder, name);
      try {
        const meta = readMeta(path);
        bucket.#objects.set(meta.key, meta);
      } catch (error) {
        throw new Error(
          `the object file ${path} is damaged: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    return bucket;
  }

  get info(): BucketInfo {
    return this.#info;
  }

  get isEmpty(): boolean {
    return this.#objects.size === 0;
  }

  async setCors(cors: CorsRule[]): Promise<void> {
    const info = { ...this.#info, cors };
    await writeDurably(join(this.#folder, INFO), JSON.stringify(info));
    this.#info = info;
  }

  /** @throws S3Error NoSuchKey */
  get(key: string): ObjectMeta {
    const meta = this.#objects.get(key);
    if (!meta) throw new S3Error('NoSuchKey', 'The specified key does not exist.', { Key: key });
    return meta;
  }

  has(key: string): boolean {
    return this.#objects.has(key);
  }

  /** The object with a descriptor of its file, which goes on to give this data when the object is replaced or deleted. */
  open(key: string): { meta: ObjectMeta; fd: number } {
    const meta = this.get(key);
    return { meta, fd: openSync(this.#pathOf(key), 'r') };
  }

  /**
   * Puts a finished file in an object's place. Whether it may, and that it does, is one step between two turns of the
   * event loop, so that of two that may only create one wins.
   */
  async put(meta: ObjectMeta, file: string, o: { onlyNew: boolean }): Promise<void> {
    if (o.onlyNew) this.refuseExisting(meta.key);
    renameSync(file, this.#pathOf(meta.key));
    if (!this.#objects.has(meta.key)) this.#sorted = undefined;
    this.#objects.set(meta.key, meta);
    await syncFolder(this.#folder);
  }

  refuseExisting(key: string): void {
    if (this.#objects.has(key))
      throw new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
        Condition: 'If-None-Match',
      });
  }

  /** Deletes what is there of these; resolves when that is on disk. */
  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      if (!this.#objects.delete(key)) continue;
      this.#sorted = undefined;
      unlinkSync(this.#pathOf(key));
    }
    await syncFolder(this.#folder);
  }

  /** All keys that begin so, in the order of their UTF-8 bytes. */
  keys(prefix: string): string[] {
    this.#sorted ??= [...this.#objects.keys()]
      .map((key) => Buffer.from(key))
      .sort((a, b) => a.compare(b))
      .map(String);
    return this.#sorted.filter((key) => key.startsWith(prefix));
  }

  #pathOf(key: string): string {
    return join(this.#folder, createHash('sha256').update(key).digest('hex'));
  }
}
