import { encode } from '../bson/encode.ts';
import type { Doc } from '../bson/types.ts';
import { asNumber, typeOf } from '../bson/types.ts';
import { CommandError, wrongType } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import { findHinted } from '../query/plan.ts';
import { checkNamespace } from '../storage/catalog.ts';
import type { Collection } from '../storage/collection.ts';
import { show } from '../storage/duplicate-key.ts';
import type { Command, CommandDefinition } from './command.ts';
import {
  adminOnly,
  boolField,
  collectionName,
  countField,
  docField,
  findCollection,
  refuseCollation,
} from './command.ts';
import { collectionStats, databaseStats, sizeOf } from './stats.ts';

const REFUSED_OPTIONS = [
  'capped', 'size', 'max', 'timeseries', 'expireAfterSeconds', 'viewOn', 'pipeline', 'validator', 'validationLevel', 'validationAction',
  'clusteredIndex', 'encryptedFields', 'storageEngine', 'indexOptionDefaults',
]; // prettier-ignore

async function create(command: Command): Promise<Doc> {
  const { body, engine } = command;
  const ns = collectionName(command);
  refuseCollation(body);
  refuseOptions(body, REFUSED_OPTIONS);
  const options = imagesOption(command);
  return engine.store.write(() => {
    if (engine.catalog.get(ns)) throw new CommandError(48, `Collection ${ns} already exists.`);
    engine.catalog.ensure(ns, options);
    return { ok: 1 };
  });
}

function refuseOptions(body: Doc, options: readonly string[]): void {
  const refused = options.find((option) => body[option] !== undefined && body[option] !== false);
  if (refused) throw new CommandError(238, `'${refused}' is not supported by this engine`);
}

/** Images are for change streams, which a standalone server has none of: the option is kept and shown. */
function imagesOption(command: Command): Doc {
  const images = docField(command, 'changeStreamPreAndPostImages');
  return images?.['enabled'] === true ? { changeStreamPreAndPostImages: { enabled: true } } : {};
}

const REFUSED_CHANGES = ['validator', 'validationLevel', 'validationAction', 'viewOn', 'pipeline', 'timeseries', 'expireAfterSeconds', 'cappedSize', 'cappedMax']; // prettier-ignore
const COLL_MOD_INDEX = ['name', 'keyPattern', 'hidden', 'expireAfterSeconds'];

/** Changes what can be changed of a collection: whether an index is hidden, its time to live, and the option of images. */
async function collMod(command: Command): Promise<Doc> {
  const { engine } = command;
  const ns = collectionName(command);
  const wanted = docField(command, 'index');
  refuseOptions(command.body, REFUSED_CHANGES);
  const unknown = Object.keys(wanted ?? {}).find((key) => !COLL_MOD_INDEX.includes(key));
  if (unknown) throw new CommandError(238, `collMod index option '${unknown}' is not supported by this engine`);
  return engine.store.write(() => {
    const collection = engine.catalog.get(ns);
    if (!collection) throw new CommandError(26, `ns does not exist: ${ns}`);
    if (command.body['changeStreamPreAndPostImages'] !== undefined)
      engine.catalog.change(collection, { options: imagesOption(command) });
    return { ...(wanted ? changeIndex(command, collection, wanted) : {}), ok: 1 };
  });
}

function changeIndex({ engine }: Command, collection: Collection, wanted: Doc): Doc {
  const index = findHinted(collection, wanted['name'] ?? wanted['keyPattern']);
  if (!index)
    throw new CommandError(
      27,
      `cannot find index ${show(wanted['name'] ?? wanted['keyPattern'])} for ns ${collection.ns}`,
    );
  const { hidden: wasHidden = false, expireAfterSeconds: old, ...spec } = index.spec;
  const hidden = wanted['hidden'] === undefined ? wasHidden : wanted['hidden'] === true;
  const seconds = asNumber(wanted['expireAfterSeconds']) ?? old;
  engine.catalog.change(collection, {
    index: {
      ...spec,
      ...(seconds === undefined ? {} : { expireAfterSeconds: seconds }),
      ...(hidden ? { hidden } : {}),
    },
  });
  return {
    ...(hidden === wasHidden ? {} : { hidden_old: wasHidden, hidden_new: hidden }),
    ...(seconds === old ? {} : { expireAfterSeconds_old: old, expireAfterSeconds_new: seconds }),
  };
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
    .map((name): Doc => ({ name, sizeOnDisk: sizeOf(catalog.inDatabase(name)), empty: false }))
    .filter(matches);
  if (boolField(command, 'nameOnly')) return { databases: databases.map(({ name }) => ({ name })), ok: 1 };
  const totalSize = databases.reduce((n, d) => n + Number(d['sizeOnDisk']), 0);
  return { databases, totalSize, totalSizeMb: Math.floor(totalSize / 1048576), ok: 1 };
}

function collStats(command: Command): Doc {
  const scale = countField(command, 'scale', 1);
  return { ns: collectionName(command), ...collectionStats(findCollection(command), scale), ok: 1 };
}

function dbStats(command: Command): Doc {
  const { engine, db } = command;
  const stats = databaseStats(
    db,
    engine.catalog.inDatabase(db),
    countField(command, 'scale', 1),
    boolField(command, 'freeStorage'),
  );
  return { ...stats, ok: 1 };
}

/** What `validate` looks at here is the number of documents; lmdb checks its pages itself. */
function validate(command: Command): Doc {
  const collection = findCollection(command);
  if (!collection) throw new CommandError(26, `Collection '${collectionName(command)}' does not exist to validate.`);
  const { ns, count, indexes } = collection;
  return {
    ns,
    nInvalidDocuments: 0,
    nrecords: count,
    nIndexes: indexes.length,
    valid: true,
    warnings: [],
    errors: [],
    ok: 1,
  };
}

async function renameCollection(command: Command): Promise<Doc> {
  const { body, engine } = command;
  const { renameCollection: from, to } = body;
  const dropTarget = boolField(command, 'dropTarget');
  if (typeof from !== 'string' || typeof to !== 'string')
    throw wrongType('renameCollection.to', typeOf(to).name, 'string');
  if (from === to) throw new CommandError(20, "Can't rename a collection to itself");
  checkNamespace(to);
  return engine.store.write(() => {
    const [source, target] = [engine.catalog.get(from), engine.catalog.get(to)];
    if (!source) throw new CommandError(26, `Source collection ${from} does not exist`);
    if (target && !dropTarget) throw new CommandError(48, 'target namespace exists');
    if (target) engine.catalog.drop(target);
    engine.cursors.sweep((open) => open === from || open === to);
    engine.catalog.change(source, { ns: to });
    return { ok: 1 };
  });
}

const LIST_FIELDS = ['filter', 'nameOnly', 'authorizedCollections', 'cursor'];

export const COLLECTION_COMMANDS: Record<string, CommandDefinition> = {
  create: { fields: [...REFUSED_OPTIONS, 'collation', 'changeStreamPreAndPostImages'], run: create },
  collMod: { fields: ['index', 'changeStreamPreAndPostImages', ...REFUSED_CHANGES], run: collMod },
  drop: { fields: [], run: drop },
  dropDatabase: { fields: [], run: dropDatabase },
  renameCollection: adminOnly({ fields: ['to', 'dropTarget'], run: renameCollection }),
  listCollections: { fields: LIST_FIELDS, run: listCollections },
  listDatabases: adminOnly({ fields: ['filter', 'nameOnly', 'authorizedDatabases'], run: listDatabases }),
  collStats: { fields: ['scale'], run: collStats },
  collstats: { fields: ['scale'], run: collStats },
  dbStats: { fields: ['scale', 'freeStorage'], run: dbStats },
  dbstats: { fields: ['scale', 'freeStorage'], run: dbStats },
  validate: { fields: ['full', 'background'], run: validate },
};
