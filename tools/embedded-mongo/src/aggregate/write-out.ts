import { ObjectId, UUID } from 'bson';
import { decode } from '../bson/decode.ts';
import { encodeStored } from '../bson/encode.ts';
import type { Doc } from '../bson/types.ts';
import { entries, field, fromEntries, isDoc, typeOf } from '../bson/types.ts';
import type { Engine } from '../commands/command.ts';
import { updateDocuments } from '../commands/update-statement.ts';
import { CommandError, badValue, failedToParse, wrongType } from '../errors.ts';
import { checkNamespace } from '../storage/catalog.ts';
import type { Collection } from '../storage/collection.ts';
import { compileExpression } from './expression.ts';

/** Writes what a pipeline gave where its last stage, `$out` or `$merge`, says. */
export async function writeOut(engine: Engine, db: string, stage: Doc, documents: readonly Buffer[]): Promise<void> {
  if ('$out' in stage) return out(engine, targetOf(db, stage['$out'], '$out'), documents);
  const given = isDoc(stage['$merge']) ? stage['$merge'] : { into: stage['$merge'] };
  const merge = parseMerge(given);
  const ns = targetOf(db, given['into'], '$merge');
  return engine.store.write(() => {
    const collection = engine.catalog.ensure(ns);
    checkUnique(collection, merge.on);
    for (const bytes of documents) mergeOne(engine, collection, withId(decode(bytes)), merge);
  });
}

function targetOf(db: string, into: unknown, stage: string): string {
  const { db: other = db, coll, ...more } = isDoc(into) ? into : { coll: into };
  if (typeof coll !== 'string' || typeof other !== 'string' || Object.keys(more).length > 0)
    throw failedToParse(`${stage} only supports a string or object argument with 'db' and 'coll'`);
  const ns = `${other}.${coll}`;
  checkNamespace(ns);
  return ns;
}

const withId = (doc: Doc): Doc => ('_id' in doc ? doc : { _id: new ObjectId(), ...doc });

/** Fills a new collection with the indexes of the old one and puts it in its place: all or nothing. */
function out(engine: Engine, ns: string, documents: readonly Buffer[]): Promise<void> {
  const { catalog, store } = engine;
  return store.write(() => {
    const old = catalog.get(ns);
    const fresh = catalog.ensure(`${ns.split('.', 1)[0] ?? ''}.tmp.agg_out.${new UUID().toString()}`, old?.options);
    try {
      for (const { spec } of old?.indexes.slice(1) ?? []) catalog.addIndex(fresh, spec);
      for (const doc of documents.map((bytes) => withId(decode(bytes)))) fresh.insert(doc, encodeStored(doc));
    } catch (error) {
      catalog.drop(fresh);
      throw error;
    }
    if (old) catalog.drop(old);
    engine.cursors.sweep((open) => open === ns);
    catalog.change(fresh, { ns });
  });
}

type Merge = { on: readonly string[]; whenMatched: unknown; whenNotMatched: unknown; variables: (doc: Doc) => Doc };

const MERGE_FIELDS = ['into', 'on', 'let', 'whenMatched', 'whenNotMatched'];
const WHEN_MATCHED = ['replace', 'keepExisting', 'merge', 'fail'];
const WHEN_NOT_MATCHED = ['insert', 'discard', 'fail'];

function parseMerge(spec: Doc): Merge {
  const unknown = Object.keys(spec).find((key) => !MERGE_FIELDS.includes(key));
  if (unknown !== undefined) throw new CommandError(40415, `BSON field '$merge.${unknown}' is an unknown field.`);
  const { on = '_id', whenMatched = 'merge', whenNotMatched = 'insert' } = spec;
  if (!Array.isArray(whenMatched) && !WHEN_MATCHED.includes(String(whenMatched)))
    throw badValue(`Enumeration value '${String(whenMatched)}' for field '$merge.whenMatched' is not a valid value.`);
  if (!WHEN_NOT_MATCHED.includes(String(whenNotMatched)))
    throw badValue(
      `Enumeration value '${String(whenNotMatched)}' for field '$merge.whenNotMatched' is not a valid value.`,
    );
  const given = spec['let'] ?? { new: '$$ROOT' };
  if (!isDoc(given)) throw wrongType('$merge.let', typeOf(given).name, 'object');
  const expressions = entries(given).map(([name, expression]) => [name, compileExpression(expression)] as const);
  const variables = (doc: Doc): Doc => fromEntries(expressions.map(([name, value]) => [name, value(doc)]));
  return { on: (Array.isArray(on) ? on : [on]).map(String), whenMatched, whenNotMatched, variables };
}

function checkUnique(collection: Collection, on: readonly string[]): void {
  const wanted = [...on].sort().join();
  const isThere = collection.indexes.some(
    ({ unique, names, spec }) =>
      (unique || spec.name === '_id_') && !spec.partialFilterExpression && [...names].sort().join() === wanted,
  );
  if (!isThere) throw new CommandError(51183, 'Cannot find index to verify that join fields will be unique');
}

function mergeOne(engine: Engine, collection: Collection, doc: Doc, merge: Merge): void {
  const { whenMatched, whenNotMatched } = merge;
  const filter = fromEntries(merge.on.map((path) => [path, { $eq: valueOf(doc, path) }]));
  if (whenMatched === 'fail' && whenNotMatched === 'insert') return collection.insert(doc, encodeStored(doc));
  const statement = { filter, multi: false, upsert: false, arrayFilters: undefined, hint: undefined };
  const { matched } = updateDocuments(engine, collection.ns, { ...statement, ...updateOf(doc, merge) });
  if (matched > 0) {
    if (whenMatched === 'fail') throw new CommandError(11000, '$merge found a document that is there already');
  } else if (whenNotMatched === 'insert') collection.insert(doc, encodeStored(doc));
  else if (whenNotMatched === 'fail')
    throw new CommandError(
      13113,
      '$merge could not find a matching document in the target collection for at least one document in the source collection',
    );
}

/** What is done to a document that is there: `replace`, `merge` (its fields are set), nothing, or a pipeline that sees `$$new`. */
function updateOf(doc: Doc, { whenMatched, variables }: Merge): { update: unknown; variables?: Doc } {
  if (Array.isArray(whenMatched)) return { update: whenMatched, variables: variables(doc) };
  if (whenMatched === 'replace') return { update: doc };
  return { update: whenMatched === 'merge' ? { $set: doc } : { $setOnInsert: doc } };
}

function valueOf(doc: Doc, path: string): unknown {
  const value = path.split('.').reduce<unknown>((at, part) => (isDoc(at) ? field(at, part) : undefined), doc);
  if (value === undefined || value === null || Array.isArray(value))
    throw new CommandError(51132, "$merge write error: 'on' field cannot be missing, null, undefined or an array");
  return value;
}
