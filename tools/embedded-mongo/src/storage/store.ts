import { open } from 'lmdb';
import type { Database, RootDatabase } from 'lmdb';
import { deadline, withDeadline } from '../deadline.ts';
import { CommandError } from '../errors.ts';
import { diskFull, roomFor } from './disk-room.ts';
import { recordOf } from './keyspace.ts';

/** A batch ends when it has run this long, so that readers and new commands get their turn. */
const BATCH_MS = 8;
const ADD = { noOverwrite: true };

/** Undoes the whole batch. */
const NO_ROOM = new Error('no room on the disk');

type Operation = { run: () => unknown; resolve: (value: unknown) => void; reject: (error: unknown) => void };
/** What came of an operation: told once the batch is on disk. */
type Outcome = { operation: Operation; settle: () => void };
/** One transaction: what ran in it and, where it was undone, the operation that did it and why. Once it is over nothing runs in it. */
type Batch = { outcomes: Outcome[]; isOver: boolean; undone?: { by: Operation | undefined; error: unknown } };

export type StoreEntry = { key: Buffer; value: Buffer };
export type StoreRange = { start: Buffer; end: Buffer; reverse: boolean; limit: number };

/**
 * One lmdb environment with a single ordered key space, read synchronously and written by a queue.
 *
 * Writes run one after another inside a write transaction, see each other's results, and are
 * answered after one sync to disk for all that ran together (group commit). An operation must check
 * everything before it puts anything: a `CommandError` fails that operation alone. Any other error
 * undoes the whole batch; the others of it run again, so what an operation finds out it returns, and
 * keeps nowhere else.
 */
export class Store {
  readonly #db: RootDatabase<Buffer, Buffer>;
  readonly #path: string;
  #queue: Operation[] = [];
  /** Bytes that the batch in progress may still put. */
  #room = 0;
  #pumping: Promise<void> | undefined;
  /** Called inside the transaction at the end of each batch, and after one was undone. */
  onBatchEnd: () => void = () => undefined;
  onUndone: () => void = () => undefined;

  constructor(path: string, durable: boolean) {
    this.#path = path;
    this.#db = open<Buffer, Buffer>({
      path,
      keyEncoding: 'binary',
      encoding: 'binary',
      noSync: !durable,
      maxReaders: 32,
    });
  }

  get(key: Buffer): Buffer | undefined {
    const shared = this.#db.getBinaryFast(key);
    if (!shared) return undefined;
    const out = Buffer.allocUnsafe(shared.length);
    out.set(new Uint8Array(shared.buffer, shared.byteOffset, shared.length));
    return out;
  }

  /** The record id that is the value of a key. */
  getRecord(key: Buffer): number | undefined {
    const shared = this.#db.getBinaryFast(key);
    return shared && recordOf(shared);
  }

  /** Entries of `[start, end)`, or of the same backwards; reads them at once. */
  range({ start, end, reverse, limit }: StoreRange): StoreEntry[] {
    if (!reverse) return [...(this.#db.getRange({ start, end, limit }) as Iterable<StoreEntry>)].map(withBuffer);
    // lmdb's reverse range is (end, start]: begin at the last key before `end`, stop at `start`.
    const options = { start: end, end: start, inclusiveEnd: true, exclusiveStart: true, reverse: true, limit };
    return [...(this.#db.getRange(options) as Iterable<StoreEntry>)].map(withBuffer);
  }

  /** Only inside `write`. */
  put(key: Buffer, value: Buffer): void {
    this.#take(key, value);
    this.#db.putSync(key, value);
  }

  /** Only inside `write`: puts a key that isn't there yet; false when it is. */
  add(key: Buffer, value: Buffer): boolean {
    this.#take(key, value);
    return this.#db.putSync(key, value, ADD) as unknown as boolean;
  }

  /** Only inside `write`. */
  remove(key: Buffer): void {
    this.#db.removeSync(key);
  }

  #take(key: Buffer, value: Buffer): void {
    this.#room -= key.length + value.length;
    if (this.#room < 0) throw NO_ROOM;
  }

  /** Runs `run` in the next write transaction, under the deadline there is now; resolves with its result once that is on disk. */
  write<T>(run: () => T): Promise<T> {
    const until = deadline();
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ run: () => withDeadline(until, run), resolve: resolve as (value: unknown) => void, reject });
      this.#pumping ??= this.#pump();
    });
  }

  async close(): Promise<void> {
    while (this.#pumping) await this.#pumping;
    await (this.#db as Database).close();
  }

  /**
   * One batch after the other. What comes while lmdb's thread writes and flushes one gathers for the next: the more there
   * is to do, the fewer writes to disk it takes.
   */
  async #pump(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch: Batch = { outcomes: [], isOver: false };
      try {
        const committed = this.#db.childTransaction(() => this.#runBatch(batch));
        await Promise.all([committed, this.#db.flushed]);
      } catch (error) {
        batch.undone ??= { by: undefined, error };
      }
      batch.isOver = true;
      if (batch.undone) this.#undo(batch.outcomes, batch.undone);
      else for (const { settle } of batch.outcomes) settle();
    }
    this.#pumping = undefined;
  }

  /** Runs what waits, on lmdb's write transaction; an error thrown from here undoes all of it. */
  #runBatch(batch: Batch): void {
    if (batch.isOver) return;
    const until = performance.now() + BATCH_MS;
    const queue = this.#queue;
    let done = 0;
    let running: Operation | undefined;
    try {
      do {
        running = queue[done++];
        if (done === 1) this.#room = roomFor(this.#path);
        if (running) batch.outcomes.push(attempt(running));
      } while (done < queue.length && performance.now() < until);
      running = undefined;
      this.onBatchEnd();
    } catch (error) {
      batch.undone = { by: running, error };
      throw error;
    } finally {
      this.#queue = queue.slice(done);
    }
  }

  /** The one that failed is told so, and the others run again; where it was none of them, all have failed: those that ran or, where lmdb let none run, those that wait. */
  #undo(outcomes: readonly Outcome[], { by, error }: { by: Operation | undefined; error: unknown }): void {
    this.onUndone();
    const others = outcomes.map(({ operation }) => operation);
    if (by && error !== NO_ROOM) {
      this.#queue = [...others, ...this.#queue];
      by.reject(error);
      return;
    }
    const failed = by ? [...others, by] : others.length > 0 ? others : this.#queue.splice(0);
    for (const operation of failed) operation.reject(error === NO_ROOM ? diskFull() : error);
  }
}

function attempt(operation: Operation): Outcome {
  try {
    const value = operation.run();
    return { operation, settle: () => operation.resolve(value) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { operation, settle: () => operation.reject(error) };
  }
}

/** lmdb gives keys as Uint8Array. */
function withBuffer({ key, value }: StoreEntry): StoreEntry {
  return {
    key: Buffer.isBuffer(key)
      ? key
      : Buffer.from((key as Uint8Array).buffer, (key as Uint8Array).byteOffset, (key as Uint8Array).byteLength),
    value,
  };
}
