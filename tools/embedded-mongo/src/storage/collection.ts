import type { UUID } from 'bson';
import { decode } from '../bson/decode.ts';
import { checkDeadline } from '../deadline.ts';
import type { Doc } from '../bson/types.ts';
import { duplicateKey } from './duplicate-key.ts';
import type { Catalog } from './catalog.ts';
import type { Entry } from './index-keys.ts';
import { entriesOf } from './index-keys.ts';
import type { Index } from './index-spec.ts';
import { concerns, isUnique } from './index-spec.ts';
import { documentKey, lastRecord, prefix, recordAtEnd, recordBytes } from './keyspace.ts';
import type { Store } from './store.ts';

type StoredDocument = { doc: Doc; bytes: Buffer };

/** The documents of one collection and their index entries. Everything that changes runs inside a write. */
export class Collection {
  readonly ns: string;
  readonly db: string;
  readonly name: string;
  readonly id: number;
  readonly uuid: UUID;
  readonly options: Doc;
  readonly indexes: Index[] = [];
  readonly #catalog: Catalog;
  readonly #store: Store;
  #count = 0;
  #size = 0;
  #next: number | undefined;
  #multikeys = 0;
  #roots: { names: ReadonlySet<string> | undefined } | undefined;

  constructor(catalog: Catalog, about: { ns: string; id: number; uuid: UUID; options: Doc }) {
    this.#catalog = catalog;
    this.#store = catalog.store;
    this.ns = about.ns;
    this.db = about.ns.slice(0, about.ns.indexOf('.'));
    this.name = about.ns.slice(this.db.length + 1);
    this.id = about.id;
    this.uuid = about.uuid;
    this.options = about.options;
  }

  /** The top-level fields that decide all index entries; undefined where that cannot be told. */
  get indexRoots(): ReadonlySet<string> | undefined {
    return (this.#roots ??= rootsOf(this.indexes)).names;
  }

  /** To be called after `indexes` was changed. */
  indexesChanged(): void {
    this.#roots = undefined;
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes of all documents. */
  get size(): number {
    return this.#size;
  }

  restore(count: number, size: number): void {
    this.#count = count;
    this.#size = size;
    this.#multikeys = this.#countMultikeys();
  }

  /** Whether a field became multikey since this was last asked. */
  multikeyChanged(): boolean {
    const now = this.#countMultikeys();
    const changed = now !== this.#multikeys;
    this.#multikeys = now;
    return changed;
  }

  read(record: number): Buffer | undefined {
    return this.#store.get(documentKey(this.id, record));
  }

  /**
   * Adds a document; throws the duplicate key error and leaves nothing behind.
   *
   * @param doc at least its fields that `indexRoots` names
   */
  insert(doc: Doc, bytes: Buffer): void {
    const record = (this.#next ??= this.#lastRecord() + 1);
    const planned = this.indexes.map((index) => entriesOf(index, doc, record));
    const value = recordBytes(record);
    for (let i = 0; i < this.indexes.length; i++) {
      const index = this.indexes[i] as Index;
      const entries = planned[i] as Entry[];
      for (const entry of entries) {
        if (!isUnique(index)) this.#store.put(entry.key, EMPTY);
        else if (!this.#store.add(entry.key, value)) {
          this.#undo(planned, entry);
          throw duplicateKey(this.ns, index, entry.values);
        }
      }
    }
    this.#next = record + 1;
    this.#store.put(documentKey(this.id, record), bytes);
    this.#changed(1, bytes.length);
  }

  /** Removes the entries that an insert put before `last`. */
  #undo(planned: readonly Entry[][], last: Entry): void {
    for (const entries of planned) {
      for (const entry of entries) {
        if (entry === last) return;
        this.#store.remove(entry.key);
      }
    }
  }

  /**
   * Replaces a document. `before` is the document as it was, not touched by the update.
   *
   * @param touched the top-level fields that may have changed; undefined when it may be any
   */
  replace(
    record: number,
    before: StoredDocument,
    after: StoredDocument,
    touched: ReadonlySet<string> | undefined,
  ): void {
    const planned = this.indexes.flatMap((index) => {
      if (index.spec.name === '_id_' || !concerns(index, touched)) return [];
      const [removed, added] = difference(entriesOf(index, before.doc, record), entriesOf(index, after.doc, record));
      return removed.length || added.length ? [{ index, removed, added }] : [];
    });
    for (const { index, added } of planned) this.#checkUnique(index, added, record);
    this.#store.put(documentKey(this.id, record), after.bytes);
    for (const { index, removed, added } of planned) {
      for (const { key } of removed) this.#store.remove(key);
      for (const entry of added) this.#putEntry(index, entry, record);
    }
    this.#changed(0, after.bytes.length - before.bytes.length);
  }

  remove(record: number, doc: Doc, bytes: Buffer): void {
    for (const index of this.indexes) for (const { key } of entriesOf(index, doc, record)) this.#store.remove(key);
    this.#store.remove(documentKey(this.id, record));
    this.#changed(-1, -bytes.length);
  }

  /** Fills a new index from the documents; throws the duplicate key error, leaving entries behind. */
  build(index: Index): void {
    let start = prefix(this.id);
    const end = prefix(this.id + 1);
    for (;;) {
      const found = this.#store.range({ start, end, reverse: false, limit: 500 });
      for (const { key, value } of found) {
        checkDeadline();
        const record = recordAtEnd(key);
        const entries = entriesOf(index, decode(value), record);
        this.#checkUnique(index, entries, undefined);
        for (const entry of entries) this.#putEntry(index, entry, record);
      }
      const last = found.at(-1);
      if (!last || found.length < 500) break;
      start = Buffer.concat([last.key, Buffer.from([0])]);
    }
    this.#catalog.markDirty(this);
  }

  #checkUnique(index: Index, entries: readonly Entry[], own: number | undefined): void {
    if (!isUnique(index)) return;
    for (const entry of entries) {
      const holder = this.#store.getRecord(entry.key);
      if (holder !== undefined && holder !== own) throw duplicateKey(this.ns, index, entry.values);
    }
  }

  #putEntry(index: Index, { key }: Entry, record: number): void {
    this.#store.put(key, isUnique(index) ? recordBytes(record) : EMPTY);
  }

  #changed(count: number, bytes: number): void {
    this.#count += count;
    this.#size += bytes;
    this.#catalog.markDirty(this);
  }

  #lastRecord(): number {
    const range = { start: documentKey(this.id, 0), end: documentKey(this.id, lastRecord), reverse: true, limit: 1 };
    const [last] = this.#store.range(range);
    return last ? recordAtEnd(last.key) : 0;
  }

  #countMultikeys(): number {
    return this.indexes.reduce((n, index) => n + index.multikey.size, 0);
  }
}

const EMPTY = Buffer.alloc(0);

function rootsOf(indexes: readonly Index[]): { names: ReadonlySet<string> | undefined } {
  const names = new Set<string>();
  for (const { roots } of indexes) {
    if (!roots) return { names: undefined };
    for (const root of roots) names.add(root);
  }
  return { names };
}

/** The entries only in `before` and only in `after`. */
function difference(before: readonly Entry[], after: readonly Entry[]): [Entry[], Entry[]] {
  const [only] = before;
  const [same] = after;
  if (before.length === 1 && after.length === 1 && only && same)
    return only.key.equals(same.key) ? [[], []] : [[only], [same]];
  const old = new Set(before.map((e) => e.key.toString('latin1')));
  const now = new Set(after.map((e) => e.key.toString('latin1')));
  return [
    before.filter((e) => !now.has(e.key.toString('latin1'))),
    after.filter((e) => !old.has(e.key.toString('latin1'))),
  ];
}
