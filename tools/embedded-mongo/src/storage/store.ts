import { open } from 'lmdb';
import type { Database, RootDatabase, TransactionFlags } from 'lmdb';
import { CommandError } from '../errors.ts';

/** Commit without waiting for the disk; the queue below syncs once for many commits. */
const COMMIT_WITHOUT_SYNC = 0x10002;

/** A batch ends when it has run this long, so that readers and new commands get their turn. */
const BATCH_MS = 8;

type Operation = { run: () => unknown; resolve: (value: unknown) => void; reject: (error: unknown) => void };
type Outcome = { operation: Operation; value?: unknown; error?: CommandError };

/** What lmdb-js has but does not declare: syncs the environment on a thread of its own. */
type NativeEnv = { sync(done: (error?: Error) => void): void };

export type StoreEntry = { key: Buffer; value: Buffer };
export type StoreRange = { start: Buffer; end: Buffer; reverse: boolean; limit: number };

/**
 * One lmdb environment with a single ordered key space, read synchronously and written by a queue.
 *
 * Writes run one after another inside a write transaction, see each other's results, and are
 * answered after one sync to disk for all that ran together (group commit). An operation must check
 * everything before it puts anything: a `CommandError` fails that operation alone, any other error
 * undoes the whole batch.
 */
export class Store {
  readonly #db: RootDatabase<Buffer, Buffer>;
  readonly #durable: boolean;
  #queue: Operation[] = [];
  #pumping: Promise<void> | undefined;
  /** Called inside the transaction at the end of each batch, and after one was undone. */
  onBatchEnd: () => void = () => undefined;
  onUndone: () => void = () => undefined;

  constructor(path: string, durable: boolean) {
    this.#durable = durable;
    this.#db = open<Buffer, Buffer>({
      path,
      keyEncoding: 'binary',
      encoding: 'binary',
      noSync: !durable,
      maxReaders: 32,
    });
  }

  get(key: Buffer): Buffer | undefined {
    return this.#db.get(key);
  }

  has(key: Buffer): boolean {
    return this.#db.doesExist(key);
  }

  /** Entries of `[start, end)`, or of the same backwards; reads them at once. */
  range({ start, end, reverse, limit }: StoreRange): StoreEntry[] {
    if (!reverse) return [...(this.#db.getRange({ start, end, limit }) as Iterable<StoreEntry>)].map(withBuffer);
    // lmdb's reverse range is (end, start]: begin at the last key before `end`, stop at `start`.
    const options = { start: end, end: start, inclusiveEnd: true, exclusiveStart: true, reverse: true, limit };
    return [...(this.#db.getRange(options) as Iterable<StoreEntry>)].map(withBuffer);
  }

  count(start: Buffer, end: Buffer): number {
    return this.#db.getKeysCount({ start, end });
  }

  /** Only inside `write`. */
  put(key: Buffer, value: Buffer): void {
    this.#db.putSync(key, value);
  }

  /** Only inside `write`. */
  remove(key: Buffer): void {
    this.#db.removeSync(key);
  }

  /** Runs `run` in the next write transaction; resolves with its result once that is on disk. */
  write<T>(run: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ run, resolve: resolve as (value: unknown) => void, reject });
      this.#pumping ??= this.#pump();
    });
  }

  async close(): Promise<void> {
    while (this.#pumping) await this.#pumping;
    await this.#sync();
    await (this.#db as Database).close();
  }

  async #pump(): Promise<void> {
    await nextTurn();
    while (this.#queue.length > 0) {
      const outcomes = this.#commit();
      if (outcomes) await this.#acknowledge(outcomes);
      await nextTurn();
    }
    this.#pumping = undefined;
  }

  /** Runs a batch of the queue in one transaction. */
  #commit(): Outcome[] | undefined {
    const outcomes: Outcome[] = [];
    const until = performance.now() + BATCH_MS;
    const batch = this.#queue;
    this.#queue = [];
    try {
      this.#db.transactionSync(() => {
        for (const operation of batch) {
          if (outcomes.length > 0 && performance.now() > until) break;
          outcomes.push(attempt(operation));
        }
        this.onBatchEnd();
      }, COMMIT_WITHOUT_SYNC as TransactionFlags);
    } catch (error) {
      this.onUndone();
      for (const operation of batch) operation.reject(storageError(error));
      return undefined;
    }
    this.#queue = [...batch.slice(outcomes.length), ...this.#queue];
    return outcomes;
  }

  async #acknowledge(outcomes: readonly Outcome[]): Promise<void> {
    try {
      await this.#sync();
      for (const { operation, value, error } of outcomes) {
        if (error) operation.reject(error);
        else operation.resolve(value);
      }
    } catch (error) {
      for (const { operation } of outcomes) operation.reject(storageError(error));
    }
  }

  async #sync(): Promise<void> {
    if (!this.#durable) return;
    const { env } = this.#db as unknown as { env: NativeEnv };
    await new Promise<void>((resolve, reject) => env.sync((error) => (error ? reject(error) : resolve())));
  }
}

function attempt(operation: Operation): Outcome {
  try {
    return { operation, value: operation.run() };
  } catch (error) {
    if (error instanceof CommandError) return { operation, error };
    throw error;
  }
}

function storageError(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (/MDB_MAP_FULL|No space left|ENOSPC/i.test(message))
    return new CommandError(14031, `the disk is full: ${message}`);
  return error;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** lmdb gives keys as Uint8Array. */
function withBuffer({ key, value }: StoreEntry): StoreEntry {
  return {
    key: Buffer.isBuffer(key)
      ? key
      : Buffer.from((key as Uint8Array).buffer, (key as Uint8Array).byteOffset, (key as Uint8Array).byteLength),
    value,
  };
}
