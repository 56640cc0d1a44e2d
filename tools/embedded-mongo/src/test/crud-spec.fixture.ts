import type { Collection, Document } from 'mongodb';

export type Item = Document & { _id: number };
type Coll = Collection<Item>;

/** One case of the drivers' CRUD specification: what is there, what a driver does, what it gets and what is there then. */
export type Case = {
  name: string;
  before?: readonly Item[];
  run(collection: Coll): Promise<unknown>;
  /** Contained in the result; for an error, its code. */
  result?: unknown;
  error?: number;
  /** What the collection holds afterwards; by default what it held before. */
  after?: readonly Document[];
};

/** `{_id: 1, x: 11}` to `{_id: n, x: 11 n}`, the usual initial data of the specification. */
export const elevens = (n: number): Item[] => Array.from({ length: n }, (_, i) => ({ _id: i + 1, x: 11 * (i + 1) }));

const matched = (matchedCount: number, modifiedCount: number, upsertedCount = 0): Document => ({
  matchedCount,
  modifiedCount,
  upsertedCount,
});

const id = (n: number): Document => ({ $expr: { $eq: ['$_id', n] } });
const byVariable = { $expr: { $eq: ['$_id', '$$id'] } };
const hint = { hint: '_id_' };
const noHint = { hint: 'nowhere' };

export const READS: Case[] = [
  { name: 'find with a filter, sort, skip and limit', before: elevens(6), run: (c) => c.find({ _id: { $gt: 2 } }, { sort: { _id: 1 }, skip: 2, limit: 2 }).toArray(), result: [{ _id: 5, x: 55 }, { _id: 6, x: 66 }] },
  { name: 'find with batchSize', before: elevens(6), run: (c) => c.find({}, { batchSize: 4, sort: { _id: 1 } }).toArray(), result: elevens(6) },
  { name: 'find with batchSize equal to limit', before: elevens(6), run: (c) => c.find({ _id: { $gt: 1 } }, { sort: { _id: 1 }, batchSize: 4, limit: 4 }).toArray(), result: elevens(5).slice(1) },
  { name: 'find with a negative limit ends the cursor', before: elevens(6), run: (c) => c.find({}, { limit: -2, sort: { _id: 1 } }).toArray(), result: elevens(2) },
  { name: 'find with allowDiskUse', before: elevens(3), run: (c) => c.find({}, { allowDiskUse: true, sort: { _id: -1 } }).toArray(), result: elevens(3).reverse() },
  { name: 'find with a string comment', before: elevens(2), run: (c) => c.find({ _id: 1 }, { comment: 'why' }).toArray(), result: elevens(1) },
  { name: 'find with a document comment, kept over getMore', before: elevens(6), run: (c) => c.find({}, { comment: { key: 'v' }, batchSize: 2 }).toArray(), result: elevens(6) },
  { name: 'find with let', before: elevens(2), run: (c) => c.find(byVariable, { let: { id: 1 } }).toArray(), result: elevens(1) },
  { name: 'find with an undefined variable', before: elevens(2), run: (c) => c.find(byVariable).toArray(), error: 17276 },
  { name: 'find with hint', before: elevens(2), run: (c) => c.find({ x: 22 }, { hint: { _id: 1 } }).toArray(), result: elevens(2).slice(1) },
  { name: 'find with a hint of no index', before: elevens(2), run: (c) => c.find({}, noHint).toArray(), error: 2 },
  { name: 'find with a collation', before: elevens(1), run: (c) => c.find({}, { collation: { locale: 'en', strength: 2 } }).toArray(), error: 238 },
  { name: 'find with the simple collation', before: elevens(1), run: (c) => c.find({}, { collation: { locale: 'simple' } }).toArray(), result: elevens(1) },
  { name: 'findOne with sort and skip', before: elevens(3), run: (c) => c.findOne({}, { sort: { x: -1 }, skip: 1 }), result: { _id: 2, x: 22 } },
  { name: 'aggregate over several batches', before: elevens(8), run: (c) => c.aggregate([{ $match: { _id: { $gt: 1 } } }], { batchSize: 2 }).toArray(), result: elevens(8).slice(1) },
  { name: 'aggregate with allowDiskUse and comment', before: elevens(2), run: (c) => c.aggregate([{ $sort: { x: -1 } }], { allowDiskUse: true, comment: { k: 1 } }).toArray(), result: elevens(2).reverse() },
  { name: 'aggregate with let', before: elevens(3), run: (c) => c.aggregate([{ $match: byVariable }, { $project: { _id: 0, x: '$$x', y: '$$y' } }], { let: { id: 1, x: 'foo', y: { $literal: '$bar' } } }).toArray(), result: [{ x: 'foo', y: '$bar' }] },
  { name: 'aggregate with $lookup, let and a pipeline', before: elevens(2), run: (c) => c.aggregate([{ $lookup: { from: 'spec', let: { mine: '$_id' }, pipeline: [{ $match: { $expr: { $ne: ['$_id', '$$mine'] } } }], as: 'others' } }, { $project: { 'others._id': 1 } }]).toArray(), result: [{ _id: 1, others: [{ _id: 2 }] }, { _id: 2, others: [{ _id: 1 }] }] },
  { name: 'aggregate with a hint of no index', before: elevens(2), run: (c) => c.aggregate([{ $match: { x: 1 } }], noHint).toArray(), error: 2 },
  { name: 'countDocuments with filter, skip, limit, hint and comment', before: elevens(5), run: (c) => c.countDocuments({ x: { $gt: 11 } }, { skip: 1, limit: 2, hint: '_id_', comment: 'c' }), result: 2 },
  { name: 'countDocuments of an empty collection', before: [], run: (c) => c.countDocuments({}), result: 0 },
  { name: 'count with skip and limit', before: elevens(5), run: (c) => c.count({ x: { $gt: 11 } }, { skip: 1, limit: 2 }), result: 2 },
  { name: 'count with a hint of no index', before: elevens(2), run: (c) => c.count({}, noHint), error: 2 },
  { name: 'estimatedDocumentCount', before: elevens(3), run: (c) => c.estimatedDocumentCount({ comment: 'c', maxTimeMS: 6000 }), result: 3 },
  { name: 'estimatedDocumentCount by $collStats', before: elevens(3), run: (c) => c.aggregate([{ $collStats: { count: {} } }, { $group: { _id: 1, n: { $sum: '$count' } } }]).toArray(), result: [{ _id: 1, n: 3 }] },
  { name: 'distinct with filter and comment', before: elevens(4), run: (c) => c.distinct('x', { x: { $lt: 40 } }, { comment: { k: 1 } }), result: [11, 22, 33] },
  { name: 'distinct with a collation', before: elevens(1), run: (c) => c.distinct('x', {}, { collation: { locale: 'en', strength: 2 } }), error: 238 },
]; // prettier-ignore

export const WRITES: Case[] = [
  { name: 'insertOne with a comment', before: elevens(1), run: (c) => c.insertOne({ _id: 2, x: 22 }, { comment: 'c' }), result: { insertedId: 2 }, after: elevens(2) },
  { name: 'insertMany with a duplicate, ordered', before: elevens(1), run: (c) => c.insertMany([{ _id: 2, x: 22 }, { _id: 2 }, { _id: 3, x: 33 }]), error: 11000, after: elevens(2) },
  { name: 'insertMany with a duplicate, unordered', before: elevens(1), run: (c) => c.insertMany([{ _id: 2, x: 22 }, { _id: 2 }, { _id: 3, x: 33 }], { ordered: false }), error: 11000, after: elevens(3) },
  { name: 'insertOne unacknowledged', before: [], run: async (c) => [await c.insertOne({ _id: 1, x: 11 }, { writeConcern: { w: 0 } }), await c.countDocuments()], after: elevens(1) },
  { name: 'updateOne with upsert and a null _id', before: [], run: (c) => c.updateOne({ _id: null } as never, { $set: { x: 1 } }, { upsert: true }), result: { upsertedId: null }, after: [{ _id: null, x: 1 }] },
  { name: 'deleteOne', before: elevens(3), run: (c) => c.deleteOne({ _id: { $gt: 1 } }, { comment: 'c' }), result: { deletedCount: 1 }, after: [elevens(1)[0]!, elevens(3)[2]!] },
  { name: 'deleteMany', before: elevens(3), run: (c) => c.deleteMany({ _id: { $gt: 1 } }), result: { deletedCount: 2 }, after: elevens(1) },
  { name: 'deleteOne with let', before: elevens(2), run: (c) => c.deleteOne(byVariable, { let: { id: 1 } }), result: { deletedCount: 1 }, after: elevens(2).slice(1) },
  { name: 'deleteMany with hint', before: elevens(2), run: (c) => c.deleteMany({ _id: { $gt: 1 } }, hint), result: { deletedCount: 1 }, after: elevens(1) },
  { name: 'deleteOne with a hint of no index', before: elevens(2), run: (c) => c.deleteOne({}, noHint), error: 2 },
  { name: 'deleteOne with hint, unacknowledged', before: elevens(2), run: async (c) => [await c.deleteOne({ _id: 2 }, { ...hint, writeConcern: { w: 0 } }), await c.countDocuments()], after: elevens(1) },
  { name: 'deleteOne with a collation', before: elevens(1), run: (c) => c.deleteOne({ x: 11 }, { collation: { locale: 'en', strength: 2 } }), error: 238 },
  { name: 'updateOne that matches nothing', before: elevens(1), run: (c) => c.updateOne({ _id: 9 }, { $inc: { x: 1 } }), result: matched(0, 0) },
  { name: 'updateMany', before: elevens(3), run: (c) => c.updateMany({ _id: { $gt: 1 } }, { $inc: { x: 1 } }, { comment: 'c' }), result: matched(2, 2), after: [{ _id: 1, x: 11 }, { _id: 2, x: 23 }, { _id: 3, x: 34 }] },
  { name: 'updateOne with upsert', before: elevens(1), run: (c) => c.updateOne({ _id: 4 }, { $inc: { x: 1 } }, { upsert: true }), result: { ...matched(0, 0, 1), upsertedId: 4 }, after: [...elevens(1), { _id: 4, x: 1 }] },
  { name: 'updateMany with upsert and nothing matched', before: elevens(1), run: (c) => c.updateMany({ _id: 4 }, { $inc: { x: 1 } }, { upsert: true }), result: { ...matched(0, 0, 1), upsertedId: 4 }, after: [...elevens(1), { _id: 4, x: 1 }] },
  { name: 'updateOne with arrayFilters, nothing matched', before: [{ _id: 1, y: [{ b: 3 }, { b: 1 }] }], run: (c) => c.updateOne({}, { $set: { 'y.$[i].b': 2 } }, { arrayFilters: [{ 'i.b': 4 }] }), result: matched(1, 0) },
  { name: 'updateMany with several arrayFilters', before: [{ _id: 1, y: [{ b: 5 }, { b: { c: [{ d: 2 }, { d: 1 }] } }] }], run: (c) => c.updateMany({}, { $set: { 'y.$[i].b.c.$[j].d': 0 } }, { arrayFilters: [{ 'j.d': 1 }, { 'i.b.c': { $exists: true } }] }), after: [{ _id: 1, y: [{ b: 5 }, { b: { c: [{ d: 2 }, { d: 0 }] } }] }] },
  { name: 'updateOne with let', before: elevens(2), run: (c) => c.updateOne(byVariable, [{ $set: { x: '$$x' } }], { let: { id: 1, x: 'foo' } }), after: [{ _id: 1, x: 'foo' }, { _id: 2, x: 22 }] },
  { name: 'updateMany with let', before: elevens(2), run: (c) => c.updateMany({ $expr: { $gt: ['$_id', '$$id'] } }, [{ $set: { y: '$$id' } }], { let: { id: 0 } }), result: matched(2, 2), after: elevens(2).map((d) => ({ ...d, y: 0 })) },
  { name: 'updateOne with hint', before: elevens(2), run: (c) => c.updateOne({ _id: { $gt: 1 } }, { $inc: { x: 1 } }, { hint: { _id: 1 } }), after: [{ _id: 1, x: 11 }, { _id: 2, x: 23 }] },
  { name: 'updateOne with a hint of no index', before: elevens(1), run: (c) => c.updateOne({}, { $inc: { x: 1 } }, noHint), error: 2 },
  { name: 'updateOne with a collation', before: elevens(1), run: (c) => c.updateOne({ x: 11 }, { $set: { x: 1 } }, { collation: { locale: 'en', strength: 2 } }), error: 238 },
  { name: 'updateOne with sort, which MongoDB 8 brings', before: elevens(1), run: (c) => c.updateOne({}, { $set: { x: 1 } }, { sort: { _id: -1 } }), error: 40415 },
  { name: 'replaceOne with upsert', before: elevens(1), run: (c) => c.replaceOne({ _id: 4 }, { x: 1 } as never, { upsert: true }), result: { upsertedId: 4 }, after: [...elevens(1), { _id: 4, x: 1 }] },
  { name: 'replaceOne with let', before: elevens(2), run: (c) => c.replaceOne(byVariable, { x: 'foo' } as never, { let: { id: 1 } }), after: [{ _id: 1, x: 'foo' }, { _id: 2, x: 22 }] },
  { name: 'replaceOne with hint', before: elevens(1), run: (c) => c.replaceOne({ _id: 1 }, { y: 1 } as never, hint), result: matched(1, 1), after: [{ _id: 1, y: 1 }] },
  { name: 'a pipeline with $replaceRoot and $addFields', before: [{ _id: 1, x: 1, t: { u: { v: 1 } } }, { _id: 2 }], run: (c) => c.updateOne({ _id: 1 }, [{ $replaceRoot: { newRoot: '$t' } }, { $addFields: { foo: 1 } }]), result: matched(1, 1), after: [{ _id: 1, u: { v: 1 }, foo: 1 }, { _id: 2 }] },
  { name: 'a pipeline with $project and $addFields on many', before: [{ _id: 1, x: 1, y: 1 }, { _id: 2, x: 2, y: 1 }], run: (c) => c.updateMany({}, [{ $project: { x: 1 } }, { $addFields: { foo: 1 } }]), result: matched(2, 2), after: [{ _id: 1, x: 1, foo: 1 }, { _id: 2, x: 2, foo: 1 }] },
  { name: 'findOneAndUpdate with a pipeline', before: [{ _id: 1, x: 1, y: 1 }], run: (c) => c.findOneAndUpdate({ _id: 1 }, [{ $project: { x: 1 } }, { $addFields: { foo: 1 } }]), result: { _id: 1, x: 1, y: 1 }, after: [{ _id: 1, x: 1, foo: 1 }] },
]; // prettier-ignore

export const FIND_AND: Case[] = [
  { name: 'findOneAndDelete, first by sort', before: elevens(3), run: (c) => c.findOneAndDelete({ _id: { $gt: 1 } }, { projection: { x: 1, _id: 0 }, sort: { x: -1 } }), result: { x: 33 }, after: elevens(2) },
  { name: 'findOneAndDelete of none', before: elevens(1), run: (c) => c.findOneAndDelete({ _id: 9 }), result: null },
  { name: 'findOneAndDelete with let', before: elevens(2), run: (c) => c.findOneAndDelete(byVariable, { let: { id: 1 } }), result: { _id: 1, x: 11 }, after: elevens(2).slice(1) },
  { name: 'findOneAndDelete with hint and comment', before: elevens(2), run: (c) => c.findOneAndDelete({ _id: 1 }, { hint: { _id: 1 }, comment: 'c' }), result: { _id: 1 }, after: elevens(2).slice(1) },
  { name: 'findOneAndDelete with a hint of no index', before: elevens(2), run: (c) => c.findOneAndDelete({ _id: 1 }, { hint: { nowhere: 1 } }), error: 2 },
  { name: 'findOneAndReplace, as it was', before: elevens(3), run: (c) => c.findOneAndReplace({ _id: { $gt: 1 } }, { x: 32 } as never, { projection: { x: 1, _id: 0 }, sort: { x: 1 } }), result: { x: 22 }, after: [{ _id: 1, x: 11 }, { _id: 2, x: 32 }, { _id: 3, x: 33 }] },
  { name: 'findOneAndReplace with upsert, as it is', before: elevens(1), run: (c) => c.findOneAndReplace({ _id: 4 }, { x: 44 } as never, { upsert: true, returnDocument: 'after', projection: { x: 1, _id: 0 } }), result: { x: 44 }, after: [...elevens(1), { _id: 4, x: 44 }] },
  { name: 'findOneAndReplace with upsert, as it was', before: elevens(1), run: (c) => c.findOneAndReplace({ _id: 4 }, { x: 44 } as never, { upsert: true }), result: null, after: [...elevens(1), { _id: 4, x: 44 }] },
  { name: 'findOneAndReplace with let', before: elevens(2), run: (c) => c.findOneAndReplace(byVariable, { x: 'x' } as never, { let: { id: 1 } }), result: { _id: 1 }, after: [{ _id: 1, x: 'x' }, { _id: 2, x: 22 }] },
  { name: 'findOneAndUpdate, one of many, as it is', before: elevens(3), run: (c) => c.findOneAndUpdate({ _id: { $gt: 1 } }, { $inc: { x: 1 } }, { returnDocument: 'after', sort: { x: 1 }, projection: { x: 1, _id: 0 } }), result: { x: 23 }, after: [{ _id: 1, x: 11 }, { _id: 2, x: 23 }, { _id: 3, x: 33 }] },
  { name: 'findOneAndUpdate with arrayFilters', before: [{ _id: 1, y: [{ b: 3 }, { b: 1 }] }], run: (c) => c.findOneAndUpdate({}, { $set: { 'y.$[i].b': 2 } }, { arrayFilters: [{ 'i.b': 3 }] }), result: { y: [{ b: 3 }, { b: 1 }] }, after: [{ _id: 1, y: [{ b: 2 }, { b: 1 }] }] },
  { name: 'findOneAndUpdate with let', before: [{ _id: 1 }, { _id: 2 }], run: (c) => c.findOneAndUpdate(byVariable, [{ $set: { x: '$$x' } }], { let: { id: 1, x: 'foo' } }), result: { _id: 1 }, after: [{ _id: 1, x: 'foo' }, { _id: 2 }] },
  { name: 'findOneAndUpdate with a collation', before: elevens(1), run: (c) => c.findOneAndUpdate({ x: 11 }, { $set: { x: 1 } }, { collation: { locale: 'en' } }), error: 238 },
]; // prettier-ignore

const setField = (field: string, input: string): Document => ({
  $setField: { field: { $literal: field }, value: 1, input },
});

/** Field names with dots and dollars, which MongoDB 5 and later stores. */
export const NAMES: Case[] = [
  ...[{ $a: 1 }, { 'a.b': 1 }, { a: { $b: 1 } }, { a: { 'b.c': 1 } }, { a: { $db: 'foo' } }].map((fields): Case => ({ name: `insertOne of ${JSON.stringify(fields)}`, run: (c) => c.insertOne({ _id: 1, ...fields }), after: [{ _id: 1, ...fields }] })),
  ...[{ 'a.b': 1 }, { a: { $b: 1 } }, { a: { 'b.c': 1 } }].map((fields): Case => ({ name: `replaceOne with ${JSON.stringify(fields)}`, before: [{ _id: 1 }], run: (c) => c.replaceOne({ _id: 1 }, fields as never), result: matched(1, 1), after: [{ _id: 1, ...fields }] })),
  ...[{ 'a.b': 1 }, { a: { $b: 1 } }, { a: { 'b.c': 1 } }].map((fields): Case => ({ name: `findOneAndReplace with ${JSON.stringify(fields)}`, before: [{ _id: 1 }], run: (c) => c.findOneAndReplace({ _id: 1 }, fields as never, { returnDocument: 'after' }), result: { _id: 1, ...fields }, after: [{ _id: 1, ...fields }] })),
  { name: 'insertOne with a dollar in _id', before: [], run: (c) => c.insertOne({ _id: { $a: 1 } } as never), error: 52 },
  { name: 'insertOne with a dot in _id', before: [], run: (c) => c.insertOne({ _id: { 'a.b': 1 } } as never), after: [{ _id: { 'a.b': 1 } }] },
  { name: 'updateOne sets $a', before: [{ _id: 1 }], run: (c) => c.updateOne({ _id: 1 }, [{ $replaceWith: setField('$a', '$$ROOT') }]), after: [{ _id: 1, $a: 1 }] },
  { name: 'updateOne sets a.b', before: [{ _id: 1 }], run: (c) => c.updateOne({ _id: 1 }, [{ $replaceWith: setField('a.b', '$$ROOT') }]), after: [{ _id: 1, 'a.b': 1 }] },
  { name: 'updateMany sets $b within', before: [{ _id: 1, a: {} }], run: (c) => c.updateMany({}, [{ $set: { a: setField('$b', '$a') } }]), after: [{ _id: 1, a: { $b: 1 } }] },
  { name: 'findOneAndUpdate sets b.c within', before: [{ _id: 1, a: {} }], run: (c) => c.findOneAndUpdate({}, [{ $set: { a: setField('b.c', '$a') } }]), after: [{ _id: 1, a: { 'b.c': 1 } }] },
]; // prettier-ignore

export const BULK: Case[] = [
  { name: 'bulkWrite mixed, ordered', before: elevens(3), run: (c) => c.bulkWrite([{ insertOne: { document: { _id: 4, x: 44 } } }, { updateOne: { filter: { _id: 1 }, update: { $set: { x: 0 } } } }, { replaceOne: { filter: { _id: 2 }, replacement: { y: 1 } } }, { deleteOne: { filter: { _id: 3 } } }, { updateMany: { filter: { _id: { $gt: 2 } }, update: { $inc: { x: 1 } } } }]), result: { insertedCount: 1, matchedCount: 3, modifiedCount: 3, deletedCount: 1, upsertedCount: 0 }, after: [{ _id: 1, x: 0 }, { _id: 2, y: 1 }, { _id: 4, x: 45 }] },
  { name: 'bulkWrite stops at an error when ordered', before: elevens(2), run: (c) => c.bulkWrite([{ insertOne: { document: { _id: 3, x: 33 } } }, { insertOne: { document: { _id: 1 } } }, { deleteMany: { filter: {} } }]), error: 11000, after: elevens(3) },
  { name: 'bulkWrite goes on when unordered', before: elevens(2), run: (c) => c.bulkWrite([{ insertOne: { document: { _id: 1 } } }, { insertOne: { document: { _id: 3, x: 33 } } }], { ordered: false }), error: 11000, after: elevens(3) },
  { name: 'bulkWrite upserts', before: elevens(1), run: (c) => c.bulkWrite([{ updateOne: { filter: { _id: 2 }, update: { $set: { x: 22 } }, upsert: true } }, { replaceOne: { filter: { _id: 3 }, replacement: { x: 33 }, upsert: true } }]), result: { upsertedCount: 2, upsertedIds: { 0: 2, 1: 3 } }, after: elevens(3) },
  { name: 'bulkWrite with arrayFilters', before: [{ _id: 1, y: [{ b: 3 }, { b: 1 }] }], run: (c) => c.bulkWrite([{ updateOne: { filter: {}, update: { $set: { 'y.$[i].b': 2 } }, arrayFilters: [{ 'i.b': 3 }] } }]), after: [{ _id: 1, y: [{ b: 2 }, { b: 1 }] }] },
  { name: 'bulkWrite with hints and a comment', before: elevens(3), run: (c) => c.bulkWrite([{ updateMany: { filter: { _id: { $lt: 3 } }, update: { $inc: { x: 1 } }, hint: { _id: 1 } } }, { deleteOne: { filter: { _id: 3 }, hint: '_id_' } }], { comment: { k: 1 } }), after: [{ _id: 1, x: 12 }, { _id: 2, x: 23 }] },
  { name: 'bulkWrite with a hint of no index', before: elevens(1), run: (c) => c.bulkWrite([{ deleteOne: { filter: { _id: 1 }, hint: 'nowhere' } }]), error: 2 },
  { name: 'bulkWrite with let', before: elevens(3), run: (c) => c.bulkWrite([{ deleteOne: { filter: byVariable } }, { updateMany: { filter: id(2), update: [{ $set: { x: '$$id' } }] } }], { let: { id: 1 } }), after: [{ _id: 2, x: 1 }, { _id: 3, x: 33 }] },
  { name: 'bulkWrite with pipelines', before: elevens(2), run: (c) => c.bulkWrite([{ updateOne: { filter: { _id: 1 }, update: [{ $unset: 'x' }] } }]), after: [{ _id: 1 }, { _id: 2, x: 22 }] },
]; // prettier-ignore
