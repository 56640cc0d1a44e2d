import type { Doc } from '../bson/types.ts';
import { encode } from '../bson/encode.ts';
import { asNumber, entries, fromEntries, isDoc, typeOf } from '../bson/types.ts';
import { equal } from '../bson/compare.ts';
import { CommandError, wrongType } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import { findHinted } from '../query/plan.ts';
import { show } from '../storage/duplicate-key.ts';
import type { Collection } from '../storage/collection.ts';
import type { IndexSpec } from '../storage/index-spec.ts';
import type { Command, CommandDefinition } from './command.ts';
import { collectionName } from './command.ts';

const SPEC_FIELDS = [
  'key', 'name', 'v', 'unique', 'sparse', 'partialFilterExpression', 'expireAfterSeconds', 'hidden', 'background', 'ns', 'collation',
]; // prettier-ignore

async function createIndexes(command: Command): Promise<Doc> {
  const { body, engine } = command;
  const ns = collectionName(command);
  const given = body['indexes'];
  if (!Array.isArray(given)) throw wrongType('createIndexes.indexes', typeOf(given).name, 'array');
  if (body['commitQuorum'] !== undefined) throw new CommandError(2, "Standalones can't specify commitQuorum");
  if (given.length === 0) throw new CommandError(2, 'Must specify at least one index to create');
  const specs = (given as unknown[]).map(parseSpec);
  return engine.store.write(() => {
    const existed = engine.catalog.get(ns) !== undefined;
    const collection = engine.catalog.ensure(ns);
    const before = collection.indexes.length;
    const missing = specs.filter((spec) => !exists(collection, spec));
    for (const spec of missing) engine.catalog.addIndex(collection, spec);
    const note = missing.length === 0 ? { note: 'all indexes already exist' } : {};
    return {
      numIndexesBefore: before,
      numIndexesAfter: collection.indexes.length,
      createdCollectionAutomatically: !existed,
      ...note,
      ok: 1,
    };
  });
}

function parseSpec(given: unknown): IndexSpec {
  if (!isDoc(given)) throw wrongType('createIndexes.indexes', typeOf(given).name, 'object');
  const unknown = Object.keys(given).find((key) => !SPEC_FIELDS.includes(key));
  if (unknown !== undefined)
    throw new CommandError(
      197,
      `Error in specification ${show(given)} :: caused by :: The field '${unknown}' is not valid for an index specification. Specification: ${show(given)}`,
    );
  const { name, unique, sparse, hidden, expireAfterSeconds, partialFilterExpression, collation } = given;
  if (isDoc(collation) && collation['locale'] !== 'simple')
    throw new CommandError(238, 'collation is not supported by this engine');
  if (typeof name !== 'string' || name === '')
    throw new CommandError(9, "The 'name' field is a required property of an index specification");
  const spec: IndexSpec = { v: 2, key: parseKey(given['key']), name };
  if (unique === true) spec.unique = true;
  if (sparse === true) spec.sparse = true;
  if (hidden === true) spec.hidden = true;
  if (partialFilterExpression !== undefined) spec.partialFilterExpression = parsePartial(partialFilterExpression);
  const seconds = asNumber(expireAfterSeconds);
  if (expireAfterSeconds !== undefined) {
    if (seconds === undefined || seconds < 0)
      throw new CommandError(
        67,
        `TTL index 'expireAfterSeconds' option must be within an acceptable range, try a different value`,
      );
    if (Object.keys(spec.key).length > 1)
      throw new CommandError(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
    spec.expireAfterSeconds = seconds;
  }
  if (spec.sparse && spec.partialFilterExpression)
    throw new CommandError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  return spec;
}

function parseKey(key: unknown): Record<string, number> {
  if (!isDoc(key) || Object.keys(key).length === 0) throw new CommandError(67, 'Index keys cannot be an empty object.');
  return fromEntries(
    entries(key).map(([path, direction]) => {
      const number = asNumber(direction);
      if (typeof direction === 'string') throw new CommandError(67, `Unknown index plugin '${direction}'`);
      if (number === undefined || number === 0)
        throw new CommandError(
          67,
          `Values in v:2 index key pattern cannot be of type ${typeOf(direction).name}. Only numbers > 0, numbers < 0, and strings are allowed.`,
        );
      if (path.startsWith('$') || path.includes('.$') || path.includes('$**'))
        throw new CommandError(67, `Index key contains an illegal field name: field name starts with '$'.`);
      if (path === '' || path.split('.').includes(''))
        throw new CommandError(67, 'Index keys cannot contain an empty field.');
      return [path, number] as const;
    }),
  ) as Record<string, number>;
}

const PARTIAL_OPERATORS = ['$eq', '$gt', '$gte', '$lt', '$lte', '$type', '$in'];

function parsePartial(expression: unknown): Doc {
  if (!isDoc(expression)) throw wrongType('partialFilterExpression', typeOf(expression).name, 'object');
  compileFilter(expression);
  for (const [key, value] of entries(expression)) {
    const operators = isDoc(value) ? Object.entries(value).filter(([op]) => op.startsWith('$')) : [];
    const bad = operators.find(([op, arg]) => !PARTIAL_OPERATORS.includes(op) && !(op === '$exists' && arg !== false));
    if (key.startsWith('$') && key !== '$and')
      throw new CommandError(238, `${key} in a partialFilterExpression is not supported by this engine`);
    if (bad) throw new CommandError(67, `Expression not supported in partial index: ${key} ${bad[0]}`);
  }
  return expression;
}

/** Whether the very same index is there; throws when its name or its key stands for another one. */
function exists(collection: Collection, spec: IndexSpec): boolean {
  if (equal(spec.key, { _id: 1 })) return true;
  for (const { spec: other } of collection.indexes) {
    const sameKey = Object.keys(other.key).join() === Object.keys(spec.key).join() && equal(other.key, spec.key);
    const sameOptions = equal(options(other), options(spec));
    if (other.name === spec.name) {
      if (sameKey && sameOptions) return true;
      throw new CommandError(
        86,
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${show(spec)}, existing index: ${show(other)}`,
      );
    }
    const samePartial = equal(other.partialFilterExpression ?? null, spec.partialFilterExpression ?? null);
    if (!sameKey || !samePartial) continue;
    if (sameOptions) throw new CommandError(85, `Index already exists with a different name: ${other.name}`);
    throw new CommandError(
      85,
      `An equivalent index already exists with a different name and options. Requested index: ${show(spec)}, existing index: ${show(other)}`,
    );
  }
  return false;
}

function options({ unique, sparse, partialFilterExpression, expireAfterSeconds }: IndexSpec): Doc {
  return {
    unique: unique ?? false,
    sparse: sparse ?? false,
    partial: partialFilterExpression ?? null,
    expire: expireAfterSeconds ?? null,
  };
}

function listIndexes(command: Command): Buffer {
  const { engine, db, body } = command;
  const collection = engine.catalog.require(collectionName(command));
  const cursor = isDoc(body['cursor']) ? asNumber(body['cursor']['batchSize']) : undefined;
  const documents = collection.indexes.map(({ spec }) => encode(spec));
  return engine.cursors.first(`${db}.${collection.name}`, documents.values(), cursor);
}

async function dropIndexes(command: Command): Promise<Doc> {
  const { engine, body } = command;
  const ns = collectionName(command);
  const wanted = body['index'];
  return engine.store.write(() => {
    const collection = engine.catalog.get(ns);
    if (!collection) throw new CommandError(26, `ns not found ${ns}`);
    const before = collection.indexes.length;
    const names =
      wanted === '*'
        ? collection.indexes.slice(1).map(({ spec }) => spec.name)
        : (Array.isArray(wanted) ? wanted : [wanted]).map((one: unknown) => nameOf(collection, one));
    for (const name of names) engine.catalog.dropIndex(collection, name);
    return { nIndexesWas: before, ...(wanted === '*' ? { msg: 'non-_id indexes dropped for collection' } : {}), ok: 1 };
  });
}

function nameOf(collection: Collection, wanted: unknown): string {
  const index = findHinted(collection, wanted);
  if (!index)
    throw new CommandError(
      27,
      typeof wanted === 'string'
        ? `index not found with name [${wanted}]`
        : `can't find index with key: ${show(wanted)}`,
    );
  if (index.spec.name === '_id_') throw new CommandError(72, 'cannot drop _id index');
  return index.spec.name;
}

export const INDEX_COMMANDS: Record<string, CommandDefinition> = {
  createIndexes: { fields: ['indexes', 'commitQuorum'], run: createIndexes },
  listIndexes: { fields: ['cursor'], run: listIndexes },
  dropIndexes: { fields: ['index'], run: dropIndexes },
  deleteIndexes: { fields: ['index'], run: dropIndexes },
};
