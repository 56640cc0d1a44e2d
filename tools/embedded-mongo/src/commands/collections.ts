import { encode } from '../bson/encode.ts';
import type { Doc } from '../bson/types.ts';
import { CommandError } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import type { Collection } from '../storage/collection.ts';
import type { Command, CommandDefinition } from './command.ts';
import { boolField, collectionName, docField, findCollection } from './command.ts';

const REFUSED_OPTIONS = [
  'capped',
  'timeseries',
  'viewOn',
  'pipeline',
  'validator',
  'collation',
  'clusteredIndex',
  'changeStreamPreAndPostImages',
  'encryptedFields',
];

async function create(command: Command): Promise<Doc> {
  const { body, engine } = command;
  const ns = collectionName(command);
  const refused = REFUSED_OPTIONS.find((option) => body[option] !== undefined && body[option] !== false);
  if (refused) throw new CommandError(238, `'${refused}' is not supported by this engine`);
  return engine.store.write(() => {
    if (engine.catalog.get(ns)) throw new CommandError(48, `Collection ${ns} already exists.`);
    engine.catalog.ensure(ns);
    return { ok: 1 };
  });
}

async function drop(command: Command): Promise<Doc> {
  const { engine } = command;
  const ns = collectionName(command);
  return engine.store.write(() => {
    const collection = engine.catalog.get(ns);
    // Since MongoDB 7 dropping what isn't there succeeds.
    if (!collection) return { ok: 1 };
    const nIndexesWas = collection.indexes.length;
    engine.catalog.drop(collection);
    engine.cursors.sweep((open) => open === ns);
    return { nIndexesWas, ns, ok: 1 };
  });
}

async function dropDatabase({ engine, db }: Command): Promise<Doc> {
  return engine.store.write(() => {
    const collections = engine.catalog.inDatabase(db);
    for (const collection of collections) engine.catalog.drop(collection);
    engine.cursors.sweep((open) => open.startsWith(db + '.'));
    return collections.length ? { dropped: db, ok: 1 } : { ok: 1 };
  });
}

function listCollections(command: Command): Buffer {
  const { engine, db } = command;
  const matches = compileFilter(docField(command, 'filter') ?? {});
  const nameOnly = boolField(command, 'nameOnly');
  const shown = engine.catalog
    .inDatabase(db)
    .map((c) => ({
      name: c.name,
      type: 'collection',
      ...(nameOnly
        ? {}
        : {
            options: c.options,
            info: { readOnly: false, uuid: c.uuid },
            idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
          }),
    }))
    .filter(matches);
  return engine.cursors.first(`${db}.$cmd.listCollections`, shown.map((doc) => encode(doc)).values(), Infinity);
}

function listDatabases(command: Command): Doc {
  const { catalog } = command.engine;
  const matches = compileFilter(docField(command, 'filter') ?? {});
  const databases = catalog
    .databases()
    .map((name): Doc => {
      const sizeOnDisk = total(catalog.inDatabase(name), (c) => c.size);
      return { name, sizeOnDisk, empty: false };
    })
    .filter(matches);
  if (boolField(command, 'nameOnly')) return { databases: databases.map(({ name }) => ({ name })), ok: 1 };
  const totalSize = databases.reduce((n, d) => n + Number(d['sizeOnDisk']), 0);
  return { databases, totalSize, totalSizeMb: Math.floor(totalSize / 1048576), ok: 1 };
}

const total = (collections: readonly Collection[], of: (c: Collection) => number): number =>
  collections.reduce((n, c) => n + of(c), 0);

function collStats(command: Command): Doc {
  const collection = findCollection(command);
  const count = collection?.count ?? 0;
  const size = collection?.size ?? 0;
  const names = collection?.indexes.map(({ spec }) => spec.name) ?? [];
  return {
    ns: collectionName(command),
    size,
    count,
    ...(count ? { avgObjSize: Math.floor(size / count) } : {}),
    storageSize: size,
    totalIndexSize: 0,
    totalSize: size,
    indexSizes: Object.fromEntries(names.map((name) => [name, 0])),
    nindexes: names.length,
    capped: false,
    scaleFactor: 1,
    ok: 1,
  };
}

function dbStats({ engine, db }: Command): Doc {
  const collections = engine.catalog.inDatabase(db);
  const objects = total(collections, (c) => c.count);
  const dataSize = total(collections, (c) => c.size);
  const indexes = total(collections, (c) => c.indexes.length);
  const avgObjSize = objects ? dataSize / objects : 0;
  return {
    db,
    collections: collections.length,
    views: 0,
    objects,
    avgObjSize,
    dataSize,
    storageSize: dataSize,
    indexes,
    indexSize: 0,
    totalSize: dataSize,
    scaleFactor: 1,
    ok: 1,
  };
}

function adminOnly(definition: CommandDefinition): CommandDefinition {
  return {
    ...definition,
    run(command) {
      if (command.db !== 'admin')
        throw new CommandError(13, `${command.name} may only be run against the admin database.`);
      return definition.run(command);
    },
  };
}

export const COLLECTION_COMMANDS: Record<string, CommandDefinition> = {
  create: {
    fields: [
      ...REFUSED_OPTIONS,
      'autoIndexId',
      'size',
      'max',
      'storageEngine',
      'validationLevel',
      'validationAction',
      'indexOptionDefaults',
      'expireAfterSeconds',
    ],
    run: create,
  },
  drop: { fields: [], run: drop },
  dropDatabase: { fields: [], run: dropDatabase },
  listCollections: { fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'], run: listCollections },
  listDatabases: adminOnly({ fields: ['filter', 'nameOnly', 'authorizedDatabases'], run: listDatabases }),
  collStats: { fields: ['scale'], run: collStats },
  collstats: { fields: ['scale'], run: collStats },
  dbStats: { fields: ['scale', 'freeStorage'], run: dbStats },
  dbstats: { fields: ['scale', 'freeStorage'], run: dbStats },
};
