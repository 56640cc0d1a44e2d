import { UUID } from 'bson';
import { decode } from '../bson/decode.ts';
import { encode } from '../bson/encode.ts';
import type { Doc } from '../bson/types.ts';
import { CommandError } from '../errors.ts';
import { Collection } from './collection.ts';
import type { IndexSpec } from './index-spec.ts';
import { openIndex } from './index-spec.ts';
import { prefix } from './keyspace.ts';
import type { Store } from './store.ts';

const FORMAT = 'parley embedded-mongo 1';
const CATALOG = prefix(0);

const catalogKey = (name: string): Buffer => Buffer.concat([CATALOG, Buffer.from(name)]);

const ID_INDEX: IndexSpec = { v: 2, key: { _id: 1 }, name: '_id_' };

type StoredIndex = { id: number; spec: IndexSpec; multikey: number[] };
type StoredCollection = { ns: string; id: number; uuid: UUID; options: Doc; indexes: StoredIndex[] };

/** Which databases, collections and indexes there are, kept in the store and in memory. */
export class Catalog {
  readonly store: Store;
  readonly #collections = new Map<string, Collection>();
  readonly #dirty = new Set<Collection>();
  #nextId = 1;

  constructor(store: Store) {
    this.store = store;
    store.onBatchEnd = () => this.#saveCounts();
    store.onUndone = () => this.#load();
    const format = store.get(catalogKey('format'))?.toString();
    if (format !== undefined && format !== FORMAT)
      throw new Error(`the data folder holds data of another format ("${format}")`);
    if (
      format === undefined &&
      store.range({ start: Buffer.from([0]), end: Buffer.alloc(8, 0xff), reverse: false, limit: 1 }).length > 0
    ) {
      throw new Error('the data folder holds an lmdb database that is not of embedded-mongo');
    }
    this.#load();
  }

  /** Marks a new data folder as ours. */
  async initialise(): Promise<void> {
    if (this.store.get(catalogKey('format'))) return;
    await this.store.write(() => this.store.put(catalogKey('format'), Buffer.from(FORMAT)));
  }

  get(ns: string): Collection | undefined {
    return this.#collections.get(ns);
  }

  require(ns: string): Collection {
    const collection = this.#collections.get(ns);
    if (!collection) throw new CommandError(26, `ns does not exist: ${ns}`);
    return collection;
  }

  inDatabase(db: string): Collection[] {
    return [...this.#collections.values()].filter((c) => c.db === db);
  }

  databases(): string[] {
    return [...new Set([...this.#collections.values()].map((c) => c.db))].sort();
  }

  /** Inside a write: the collection, made when it isn't there. */
  ensure(ns: string, options: Doc = {}): Collection {
    const existing = this.#collections.get(ns);
    if (existing) return existing;
    checkNamespace(ns);
    const collection = new Collection(this, { ns, id: this.#newId(), uuid: new UUID(), options });
    collection.indexes.push(openIndex(this.#newId(), ID_INDEX, []));
    this.#collections.set(ns, collection);
    this.save(collection);
    return collection;
  }

  /** Inside a write: removes a collection with all its documents and indexes. */
  drop(collection: Collection): void {
    this.#collections.delete(collection.ns);
    this.#dirty.delete(collection);
    for (const index of collection.indexes) this.clear(index.id);
    this.clear(collection.id);
    this.store.remove(catalogKey('coll:' + collection.ns));
    this.store.remove(catalogKey('count:' + collection.id));
  }

  /** Inside a write: gives a collection another, free name, other options, or one of its indexes another specification. */
  change(collection: Collection, to: { ns?: string; options?: Doc; index?: IndexSpec }): void {
    this.#collections.delete(collection.ns);
    this.#dirty.delete(collection);
    this.store.remove(catalogKey('coll:' + collection.ns));
    const { id, uuid, count, size } = collection;
    const changed = new Collection(this, {
      ns: to.ns ?? collection.ns,
      id,
      uuid,
      options: to.options ?? collection.options,
    });
    for (const index of collection.indexes)
      changed.indexes.push(
        index.spec.name === to.index?.name ? openIndex(index.id, to.index, [...index.multikey]) : index,
      );
    changed.restore(count, size);
    this.#collections.set(changed.ns, changed);
    this.markDirty(changed);
    this.save(changed);
  }

  /** Inside a write: removes every key of a collection or an index. */
  clear(id: number): void {
    for (;;) {
      const found = this.store.range({ start: prefix(id), end: prefix(id + 1), reverse: false, limit: 1000 });
      for (const { key } of found) this.store.remove(key);
      if (found.length < 1000) return;
    }
  }

  /** Inside a write: a new, empty index of a collection. */
  addIndex(collection: Collection, spec: IndexSpec): void {
    const index = openIndex(this.#newId(), spec, []);
    collection.indexes.push(index);
    collection.indexesChanged();
    try {
      collection.build(index);
    } catch (error) {
      collection.indexes.pop();
      collection.indexesChanged();
      this.clear(index.id);
      throw error;
    }
    this.save(collection);
  }

  /** Inside a write. */
  dropIndex(collection: Collection, name: string): void {
    const at = collection.indexes.findIndex((index) => index.spec.name === name);
    const [index] = collection.indexes.splice(at, 1);
    collection.indexesChanged();
    if (index) this.clear(index.id);
    this.save(collection);
  }

  /** Inside a write: stores what is known of a collection. */
  save(collection: Collection): void {
    const { ns, id, uuid, options } = collection;
    const indexes = collection.indexes.map((i) => ({ id: i.id, spec: i.spec, multikey: [...i.multikey] }));
    const stored: StoredCollection = { ns, id, uuid, options, indexes };
    this.store.put(catalogKey('coll:' + ns), encode(stored));
  }

  markDirty(collection: Collection): void {
    this.#dirty.add(collection);
  }

  #saveCounts(): void {
    for (const collection of this.#dirty) {
      const { count, size } = collection;
      this.store.put(catalogKey('count:' + collection.id), encode({ count, size }));
      if (collection.multikeyChanged()) this.save(collection);
    }
    this.#dirty.clear();
  }

  #newId(): number {
    const id = this.#nextId++;
    this.store.put(catalogKey('next'), encode({ id: this.#nextId }));
    return id;
  }

  #load(): void {
    this.#collections.clear();
    this.#dirty.clear();
    this.#nextId = Number(this.#read('next')?.['id'] ?? 1);
    const start = catalogKey('coll:');
    for (const { value } of this.store.range({ start, end: catalogKey('coll;'), reverse: false, limit: 1_000_000 })) {
      const stored = decode(value) as unknown as StoredCollection;
      const collection = new Collection(this, stored);
      for (const { id, spec, multikey } of stored.indexes) collection.indexes.push(openIndex(id, spec, multikey));
      const counts = this.#read('count:' + stored.id);
      collection.restore(asCount(counts?.['count']), asCount(counts?.['size']));
      this.#collections.set(stored.ns, collection);
    }
  }

  #read(name: string): Doc | undefined {
    const bytes = this.store.get(catalogKey(name));
    return bytes && decode(bytes);
  }
}

const asCount = (v: unknown): number => Number(v ?? 0);

/** Refuses names of collections that MongoDB refuses, when one would be made. */
export function checkNamespace(ns: string): void {
  const [db = ''] = ns.split('.', 1);
  const name = ns.slice(db.length + 1);
  if (name === '' || name.startsWith('.') || name.includes('$') || name.includes('\0') || Buffer.byteLength(ns) > 255) {
    throw new CommandError(73, `Invalid namespace specified '${ns}'`);
  }
  if (name.startsWith('system.')) throw new CommandError(73, `cannot write to ${ns}`);
}
