import { ObjectId } from 'bson';
import { equal } from '../bson/compare.ts';
import { decode, decodeSome } from '../bson/decode.ts';
import { checkSize, encodeStored } from '../bson/encode.ts';
import { splice } from '../bson/splice.ts';
import type { Doc } from '../bson/types.ts';
import { field, keyOf, setField } from '../bson/types.ts';
import { CommandError } from '../errors.ts';
import type { Hit } from '../query/find.ts';
import { prepare, run } from '../query/find.ts';
import { compileFilter } from '../query/match.ts';
import type { SortField } from '../query/sort.ts';
import type { Collection } from '../storage/collection.ts';
import { show } from '../storage/duplicate-key.ts';
import { concerns } from '../storage/index-spec.ts';
import type { Updater } from '../update/compile.ts';
import { compileUpdate, upsertSeed } from '../update/compile.ts';
import { clone } from '../update/paths.ts';
import type { Engine } from './command.ts';
import { checkId } from './write.ts';

export type UpdateStatement = {
  filter: Doc;
  update: unknown;
  multi: boolean;
  upsert: boolean;
  arrayFilters: unknown;
  hint: unknown;
  sort?: readonly SortField[];
  variables?: Doc;
};

export type UpdateResult = {
  matched: number;
  modified: number;
  upserted: { id: unknown } | undefined;
  /** The last document touched, as it was and as it is, encoded. */
  before: Buffer | undefined;
  after: Buffer | undefined;
};

/** Runs one update statement; inside a write. */
export function updateDocuments(engine: Engine, ns: string, statement: UpdateStatement): UpdateResult {
  const { filter, multi, upsert, hint, arrayFilters, variables } = statement;
  const updater = compileUpdate(statement.update, { multi, arrayFilters, variables });
  const result: UpdateResult = { matched: 0, modified: 0, upserted: undefined, before: undefined, after: undefined };
  const existing = engine.catalog.get(ns);
  if (existing) {
    const query = { filter, sort: statement.sort ?? [], skip: 0, limit: multi ? 0 : 1, hint };
    const prepared = prepare(existing, variables ? { ...query, variables } : query);
    for (const hit of [...run(engine.store, existing, prepared)]) updateOne(existing, hit, updater, filter, result);
  } else compileFilter(filter, variables);
  if (result.matched === 0 && upsert) insertNew(engine.catalog.ensure(ns), updater, filter, result);
  return result;
}

function updateOne(collection: Collection, hit: Hit, updater: Updater, filter: Doc, result: UpdateResult): void {
  const { touched } = updater;
  const wanted = updater.keepsPlaces && touched ? fieldsToDecode(collection, touched) : undefined;
  const before = wanted ? decodeSome(hit.bytes, wanted) : decode(hit.bytes);
  const id = field(before, '_id');
  const after = updater.apply(copyTouched(before, touched), { now: new Date(), inserting: false, id }, filter);
  if (!equal(id, field(after, '_id'))) {
    throw new CommandError(
      66,
      updater.replaces
        ? `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(after['_id'])}`
        : `Performing an update on the path '_id' would modify the immutable field '_id'`,
    );
  }
  const bytes = wanted && touched ? checkSize(splice(hit.bytes, touched, after)) : encodeStored(after);
  const same = bytes.equals(hit.bytes);
  if (!same) collection.replace(hit.record, { doc: before, bytes: hit.bytes }, { doc: after, bytes }, touched);
  result.matched++;
  if (!same) result.modified++;
  result.before = hit.bytes;
  result.after = bytes;
}

/** What an update of some fields and the indexes that they concern need of a document; undefined: all of it. */
function fieldsToDecode(collection: Collection, touched: ReadonlySet<string>): Set<string> | undefined {
  const names = new Set(touched).add('_id');
  for (const index of collection.indexes) {
    if (!concerns(index, touched)) continue;
    if (!index.roots) return undefined;
    for (const root of index.roots) names.add(root);
  }
  return names;
}

/** A copy that an update may change: deep where it will, shallow elsewhere. */
function copyTouched(doc: Doc, touched: ReadonlySet<string> | undefined): Doc {
  const copy = { ...doc };
  for (const name of touched ?? []) if (Object.hasOwn(doc, keyOf(name))) setField(copy, name, clone(field(doc, name)));
  return copy;
}

function insertNew(collection: Collection, updater: Updater, filter: Doc, result: UpdateResult): void {
  const equalities = upsertSeed(filter);
  const seed = updater.replaces ? ('_id' in equalities ? { _id: equalities['_id'] } : {}) : equalities;
  const { _id: id = new ObjectId(), ...rest } = updater.apply(
    seed,
    { now: new Date(), inserting: true, id: undefined },
    filter,
  );
  if ('_id' in equalities && !equal(id, equalities['_id'])) {
    throw new CommandError(66, `Performing an update on the path '_id' would modify the immutable field '_id'`);
  }
  checkId(id);
  const doc = { _id: id, ...rest };
  const bytes = encodeStored(doc);
  collection.insert(doc, bytes);
  result.upserted = { id };
  result.after = bytes;
}
