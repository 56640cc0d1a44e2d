import { randomInt } from 'node:crypto';
import { arrayParts, documentOf, documentParts, encode, fieldsOf } from '../bson/encode.ts';
import { deadline, withDeadline } from '../deadline.ts';
import { CommandError } from '../errors.ts';
import { MESSAGE_HEAD } from '../wire/message.ts';

/** Batches end before a reply could exceed what a client accepts. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024 - 4096;
const DEFAULT_FIRST_BATCH = 101;
const IDLE_MS = 10 * 60 * 1000;

type Cursor = {
  ns: string;
  documents: Iterator<Buffer>;
  next: IteratorResult<Buffer>;
  usedAt: number;
  /** What is left of its `maxTimeMS`, of which only the time that it is read counts. */
  leftMs: number;
};

/** The open cursors: results that are still being read, batch by batch. */
export class Cursors {
  readonly #open = new Map<bigint, Cursor>();

  get size(): number {
    return this.#open.size;
  }

  /** The reply that opens a cursor over encoded documents, with its first batch. */
  first(ns: string, documents: Iterator<Buffer>, batchSize: number | undefined, singleBatch = false): Buffer {
    const cursor = { ns, documents, next: documents.next(), usedAt: Date.now(), leftMs: Infinity };
    const batch = takeBatch(cursor, batchSize ?? DEFAULT_FIRST_BATCH);
    if (cursor.next.done || singleBatch) return reply('firstBatch', batch, 0n, ns);
    cursor.leftMs = deadline() - performance.now();
    const id = BigInt(randomInt(1, 2 ** 47)) * 65536n + BigInt(this.#open.size % 65536);
    this.#open.set(id, cursor);
    return reply('firstBatch', batch, id, ns);
  }

  more(id: bigint, ns: string, batchSize: number | undefined): Buffer {
    const cursor = this.#open.get(id);
    if (!cursor) throw new CommandError(43, `cursor id ${id} not found`);
    if (cursor.ns !== ns) {
      throw new CommandError(
        13,
        `Requested getMore on namespace '${ns}', but cursor belongs to a different namespace ${cursor.ns}`,
      );
    }
    cursor.usedAt = Date.now();
    const until = performance.now() + cursor.leftMs;
    // One that fails is closed, as in mongod.
    this.#open.delete(id);
    const batch = withDeadline(until, () => takeBatch(cursor, batchSize ?? Infinity));
    cursor.leftMs = until - performance.now();
    if (!cursor.next.done) this.#open.set(id, cursor);
    return reply('nextBatch', batch, cursor.next.done ? 0n : id, ns);
  }

  kill(id: bigint): boolean {
    this.#open.get(id)?.documents.return?.();
    return this.#open.delete(id);
  }

  /** Closes cursors of a collection or database that is gone, and those that nobody reads. */
  sweep(gone: (ns: string) => boolean = () => false): void {
    for (const [id, cursor] of this.#open) {
      if (gone(cursor.ns) || Date.now() - cursor.usedAt > IDLE_MS) this.kill(id);
    }
  }
}

function takeBatch(cursor: Cursor, most: number): Buffer[] {
  const batch: Buffer[] = [];
  let bytes = 0;
  while (batch.length < most && !cursor.next.done) {
    const document = cursor.next.value;
    bytes += document.length + 16;
    if (batch.length > 0 && bytes > MAX_BATCH_BYTES) break;
    batch.push(document);
    cursor.next = cursor.documents.next();
  }
  return batch;
}

/** `{cursor: {<name>: batch, id, ns}, ok: 1}` as a whole message, of which each document is copied once. */
function reply(name: 'firstBatch' | 'nextBatch', batch: readonly Buffer[], id: bigint, ns: string): Buffer {
  const tail = fieldsOf(encode({ id, ns }));
  return documentOf(MESSAGE_HEAD, [CURSOR_FIELD, ...documentParts([...arrayParts(name, batch), tail]), OK]);
}

const OK = fieldsOf(encode({ ok: 1 }));
const CURSOR_FIELD = Buffer.from('\x03cursor\0', 'latin1');
