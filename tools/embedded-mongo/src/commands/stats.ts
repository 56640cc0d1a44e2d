import { fromEntries } from '../bson/types.ts';
import type { Doc } from '../bson/types.ts';
import { CommandError } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import type { Engine } from './command.ts';

const total = (collections: readonly Collection[], of: (c: Collection) => number): number =>
  collections.reduce((n, c) => n + of(c), 0);

/** The figures of one collection, of `collStats` and `$collStats`. Sizes are those of the documents, in units of `scale` bytes. */
export function collectionStats(collection: Collection | undefined, scale = 1): Doc {
  const count = collection?.count ?? 0;
  const size = collection?.size ?? 0;
  const scaled = Math.floor(size / scale);
  const names = collection?.indexes.map(({ spec }) => spec.name) ?? [];
  return {
    size: scaled,
    count,
    ...(count ? { avgObjSize: Math.floor(size / count) } : {}),
    numOrphanDocs: 0,
    storageSize: scaled,
    freeStorageSize: 0,
    totalIndexSize: 0,
    totalSize: scaled,
    indexSizes: fromEntries(names.map((name) => [name, 0])),
    nindexes: names.length,
    capped: false,
    indexBuilds: [],
    scaleFactor: scale,
  };
}

export function databaseStats(db: string, collections: readonly Collection[], scale: number, free: boolean): Doc {
  const objects = total(collections, (c) => c.count);
  const bytes = total(collections, (c) => c.size);
  const dataSize = Math.floor(bytes / scale);
  return {
    db,
    collections: BigInt(collections.length),
    views: 0n,
    objects: BigInt(objects),
    avgObjSize: objects ? bytes / objects : 0,
    dataSize,
    storageSize: dataSize,
    ...(free ? { freeStorageSize: 0, indexFreeStorageSize: 0, totalFreeStorageSize: 0 } : {}),
    indexes: BigInt(total(collections, (c) => c.indexes.length)),
    indexSize: 0,
    totalSize: dataSize,
    scaleFactor: BigInt(scale),
  };
}

export function sizeOf(collections: readonly Collection[]): number {
  return total(collections, (c) => c.size);
}

/** The document that the `$collStats` stage gives. */
export function collStatsStage(engine: Engine, ns: string, spec: Doc): Doc {
  const collection = engine.catalog.get(ns);
  if (spec['count'] && !collection)
    throw new CommandError(
      26,
      `Unable to retrieve count in $collStats stage :: caused by :: Collection [${ns}] not found.`,
    );
  const none = { latency: 0n, ops: 0n, queryableEncryptionLatencyMicros: 0n };
  const scale = (spec['storageStats'] as Doc | undefined)?.['scale'];
  return {
    ns,
    host: 'localhost',
    localTime: new Date(),
    ...(spec['latencyStats']
      ? { latencyStats: { reads: none, writes: none, commands: none, transactions: none } }
      : {}),
    ...(spec['storageStats'] ? { storageStats: collectionStats(collection, Number(scale ?? 1)) } : {}),
    ...(spec['count'] ? { count: collection?.count } : {}),
  };
}

/** The documents of the `$indexStats` stage: how often a query has used each index. */
export function indexStatsStage(engine: Engine, ns: string): Doc[] {
  const since = new Date(engine.startedAt);
  return (engine.catalog.get(ns)?.indexes ?? []).map(({ spec, uses }) => ({
    name: spec.name,
    key: spec.key,
    host: 'localhost',
    accesses: { ops: BigInt(uses), since },
    spec,
  }));
}
