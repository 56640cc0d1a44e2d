import type { Collection, Document } from 'mongodb';

export type Item = Document & { _id: number };
type Coll = Collection<Item>;

/** One case of the drivers' CRUD specification: what is there, what a driver does, what it gets and what is there then. */
export type Case = {
  name: string;
  before?: readonly Item[];
  run(collection: Coll): Promise<unknown>;
  /** Contained in the result. */
  result?: unknown;
  /** Contained in the error; a number is its code. */
  error?: number | Document;
  /** What the collection holds afterwards; by default what it held before. */
  after?: readonly Document[] | 'anything';
};

/** `{_id: 1, x: 11}` to `{_id: n, x: 11 n}`, the usual initial data of the specification. */
export const elevens = (n: number): Item[] => Array.from({ length: n }, (_, i) => ({ _id: i + 1, x: 11 * (i + 1) }));

export const matched = (matchedCount: number, modifiedCount: number, upsertedCount = 0): Document => ({
  matchedCount,
  modifiedCount,
  upsertedCount,
});

export const id = (n: number): Document => ({ $expr: { $eq: ['$_id', n] } });
export const byVariable = { $expr: { $eq: ['$_id', '$$id'] } };
const noHint = { hint: 'nowhere' };

const lists = (): Item[] => [{ _id: 1, y: [{ b: 3 }, { b: 1 }] }, { _id: 2, y: [{ b: 0 }, { b: 1 }] }]; // prettier-ignore
const with3 = { _id: 1, y: [{ b: 2 }, { b: 1 }] };
const with1 = { _id: 1, y: [{ b: 3 }, { b: 2 }] };

/** What `$set: {'y.$[i].b': 2}` matches, changes and leaves of `lists()`. */
const ARRAY_FILTERS: ['updateOne' | 'updateMany', Document[], [number, number], Item[]][] = [
  ['updateOne', [{ 'i.b': 4 }], [1, 0], lists()],
  ['updateOne', [{ 'i.b': 3 }], [1, 1], [with3, ...lists().slice(1)]],
  ['updateOne', [{ 'i.b': 1 }], [1, 1], [with1, ...lists().slice(1)]],
  ['updateMany', [{ 'i.b': 4 }], [2, 0], lists()],
  ['updateMany', [{ 'i.b': 3 }], [2, 1], [with3, ...lists().slice(1)]],
  ['updateMany', [{ 'i.b': 1 }], [2, 2], [with1, { _id: 2, y: [{ b: 0 }, { b: 2 }] }]],
];

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
  { name: 'find with limit and a smaller batchSize', before: elevens(6), run: (c) => c.find({}, { sort: { _id: 1 }, limit: 4, batchSize: 2 }).toArray(), result: elevens(4) },
  { name: 'find with a hint of no key pattern', before: elevens(2), run: (c) => c.find({}, { hint: { nowhere: 1 } }).toArray(), error: 2 },
  { name: 'findOne with a filter', before: elevens(6), run: (c) => c.findOne({ _id: 1 }), result: { _id: 1, x: 11 } },
  { name: 'findOne of none', before: elevens(1), run: (c) => c.findOne({ _id: 9 }), result: null },
  { name: 'findOne with sort and skip', before: elevens(3), run: (c) => c.findOne({}, { sort: { x: -1 }, skip: 1 }), result: { _id: 2, x: 22 } },
  { name: 'aggregate over several batches', before: elevens(8), run: (c) => c.aggregate([{ $match: { _id: { $gt: 1 } } }], { batchSize: 2 }).toArray(), result: elevens(8).slice(1) },
  { name: 'aggregate with allowDiskUse and comment', before: elevens(2), run: (c) => c.aggregate([{ $sort: { x: -1 } }], { allowDiskUse: true, comment: { k: 1 } }).toArray(), result: elevens(2).reverse() },
  { name: 'aggregate with let', before: elevens(3), run: (c) => c.aggregate([{ $match: byVariable }, { $project: { _id: 0, x: '$$x', y: '$$y' } }], { let: { id: 1, x: 'foo', y: { $literal: '$bar' } } }).toArray(), result: [{ x: 'foo', y: '$bar' }] },
  { name: 'aggregate with $lookup, let and a pipeline', before: elevens(2), run: (c) => c.aggregate([{ $lookup: { from: 'spec', let: { mine: '$_id' }, pipeline: [{ $match: { $expr: { $ne: ['$_id', '$$mine'] } } }], as: 'others' } }, { $project: { 'others._id': 1 } }]).toArray(), result: [{ _id: 1, others: [{ _id: 2 }] }, { _id: 2, others: [{ _id: 1 }] }] },
  { name: 'aggregate with a hint of no index', before: elevens(2), run: (c) => c.aggregate([{ $match: { x: 1 } }], noHint).toArray(), error: 2 },
  { name: 'countDocuments with filter, skip, limit, hint and comment', before: elevens(5), run: (c) => c.countDocuments({ x: { $gt: 11 } }, { skip: 1, limit: 2, hint: '_id_', comment: 'c' }), result: 2 },
  { name: 'aggregate with a drawn variable', before: elevens(1), run: (c) => c.aggregate([{ $project: { _id: 0, type: { $type: '$$rand' } } }], { let: { rand: { $rand: {} } } }).toArray(), result: [{ type: 'double' }] },
  { name: 'aggregate with a collation', before: elevens(1), run: (c) => c.aggregate([{ $match: { x: 'PING' } }], { collation: { locale: 'en_US', strength: 2 } }).toArray(), error: 238 },
  ...[true, false].map((allowDiskUse): Case => ({ name: `aggregate with allowDiskUse: ${allowDiskUse}`, before: elevens(2), run: (c) => c.aggregate([], { allowDiskUse }).toArray(), result: elevens(2) })),
  ...['majority', 'local', 'available'].map((level): Case => ({ name: `aggregate with read concern ${level}`, before: elevens(3), run: (c) => c.aggregate([{ $sort: { x: 1 } }, { $match: { _id: { $gt: 1 } } }], { readConcern: { level: level as 'local' }, readPreference: 'secondaryPreferred' }).toArray(), result: elevens(3).slice(1) })),
  { name: 'aggregate with read concern linearizable', before: elevens(1), run: (c) => c.aggregate([], { readConcern: { level: 'linearizable' } }).toArray(), error: 123 },
  { name: 'countDocuments without a filter', before: elevens(3), run: (c) => c.countDocuments({}), result: 3 },
  { name: 'countDocuments with a collation', before: elevens(1), run: (c) => c.countDocuments({ x: 'PING' }, { collation: { locale: 'en_US', strength: 2 } }), error: 238 },
  { name: 'countDocuments of an empty collection', before: [], run: (c) => c.countDocuments({}), result: 0 },
  { name: 'count with skip and limit', before: elevens(5), run: (c) => c.count({ x: { $gt: 11 } }, { skip: 1, limit: 2 }), result: 2 },
  { name: 'count with a hint of no index', before: elevens(2), run: (c) => c.count({}, noHint), error: 2 },
  { name: 'estimatedDocumentCount', before: elevens(3), run: (c) => c.estimatedDocumentCount({ comment: 'c', maxTimeMS: 6000 }), result: 3 },
  { name: 'estimatedDocumentCount of no collection', run: async (c) => [await c.drop(), await c.estimatedDocumentCount({ comment: { k: 1 } })], result: [true, 0] },
  { name: 'estimatedDocumentCount by $collStats', before: elevens(3), run: (c) => c.aggregate([{ $collStats: { count: {} } }, { $group: { _id: 1, n: { $sum: '$count' } } }]).toArray(), result: [{ _id: 1, n: 3 }] },
  { name: 'distinct with filter and comment', before: elevens(4), run: (c) => c.distinct('x', { x: { $lt: 40 } }, { comment: { k: 1 } }), result: [11, 22, 33] },
  { name: 'distinct without a filter', before: elevens(3), run: (c) => c.distinct('x'), result: [11, 22, 33] },
  { name: 'distinct with hint, which MongoDB 7.1 brings', before: elevens(1), run: (c) => c.distinct('x', {}, { hint: '_id_' } as never), error: 40415 },
  { name: 'distinct with a collation', before: elevens(1), run: (c) => c.distinct('x', {}, { collation: { locale: 'en', strength: 2 } }), error: 238 },
]; // prettier-ignore

export const WRITES: Case[] = [
  { name: 'insertMany', before: elevens(1), run: (c) => c.insertMany([{ _id: 2, x: 22 }, { _id: 3, x: 33 }]), result: { insertedCount: 2, insertedIds: { 0: 2, 1: 3 } }, after: elevens(3) },
  { name: 'insertMany with a duplicate, ordered', before: elevens(1), run: (c) => c.insertMany([{ _id: 2, x: 22 }, { _id: 2 }, { _id: 3, x: 33 }]), error: { code: 11000, insertedCount: 1 }, after: elevens(2) },
  { name: 'insertMany with a duplicate, unordered', before: elevens(1), run: (c) => c.insertMany([{ _id: 2, x: 22 }, { _id: 2 }, { _id: 3, x: 33 }], { ordered: false }), error: { code: 11000, insertedCount: 2 }, after: elevens(3) },
  { name: 'insertMany of one that is there, unordered', before: elevens(1), run: (c) => c.insertMany(elevens(3), { ordered: false }), error: { code: 11000, insertedCount: 2, matchedCount: 0, upsertedCount: 0 }, after: elevens(3) },
  ...(['deleteOne', 'deleteMany'] as const).map((method): Case => ({ name: `${method} that matches nothing`, before: elevens(2), run: (c) => c[method]({ _id: 9 }), result: { deletedCount: 0 } })),
  ...(['updateOne', 'updateMany'] as const).map((method): Case => ({ name: `${method} of one`, before: elevens(2), run: (c) => c[method]({ _id: 1 }, { $inc: { x: 1 } }), result: matched(1, 1), after: [{ _id: 1, x: 12 }, { _id: 2, x: 22 }] })),
  ...(['updateOne', 'updateMany'] as const).map((method): Case => ({ name: `${method} that matches nothing`, before: elevens(2), run: (c) => c[method]({ _id: 9 }, { $inc: { x: 1 } }), result: matched(0, 0) })),
  { name: 'deleteOne', before: elevens(3), run: (c) => c.deleteOne({ _id: { $gt: 1 } }, { comment: 'c' }), result: { deletedCount: 1 }, after: [elevens(1)[0]!, elevens(3)[2]!] },
  { name: 'deleteMany', before: elevens(3), run: (c) => c.deleteMany({ _id: { $gt: 1 } }), result: { deletedCount: 2 }, after: elevens(1) },
  { name: 'deleteOne with let', before: elevens(2), run: (c) => c.deleteOne(byVariable, { let: { id: 1 } }), result: { deletedCount: 1 }, after: elevens(2).slice(1) },
  { name: 'updateMany', before: elevens(3), run: (c) => c.updateMany({ _id: { $gt: 1 } }, { $inc: { x: 1 } }, { comment: 'c' }), result: matched(2, 2), after: [{ _id: 1, x: 11 }, { _id: 2, x: 23 }, { _id: 3, x: 34 }] },
  { name: 'updateOne with upsert', before: elevens(1), run: (c) => c.updateOne({ _id: 4 }, { $inc: { x: 1 } }, { upsert: true }), result: { ...matched(0, 0, 1), upsertedId: 4 }, after: [...elevens(1), { _id: 4, x: 1 }] },
  { name: 'updateMany with upsert and nothing matched', before: elevens(1), run: (c) => c.updateMany({ _id: 4 }, { $inc: { x: 1 } }, { upsert: true }), result: { ...matched(0, 0, 1), upsertedId: 4 }, after: [...elevens(1), { _id: 4, x: 1 }] },
  ...ARRAY_FILTERS.map(([method, filters, expected, after]): Case => ({ name: `${method} with arrayFilters ${JSON.stringify(filters)}`, before: lists(), run: (c) => c[method]({}, { $set: { 'y.$[i].b': 2 } }, { arrayFilters: filters }), result: matched(...expected), after })),
  ...[[{ 'j.d': 3 }, 0, 1], [{ 'j.d': 1 }, 1, 0]].map(([filter, changed, d]): Case => ({ name: `updateOne with two arrayFilters, ${String(changed)} changed`, before: [{ _id: 3, y: [{ b: 5, c: [{ d: 2 }, { d: 1 }] }] }], run: (c) => c.updateOne({ _id: 3 }, { $set: { 'y.$[i].c.$[j].d': 0 } }, { arrayFilters: [{ 'i.b': 5 }, filter as Document] }), result: matched(1, changed as number), after: [{ _id: 3, y: [{ b: 5, c: [{ d: 2 }, { d }] }] }] })),
  { name: 'updateOne with arrayFilters, nothing matched', before: [{ _id: 1, y: [{ b: 3 }, { b: 1 }] }], run: (c) => c.updateOne({}, { $set: { 'y.$[i].b': 2 } }, { arrayFilters: [{ 'i.b': 4 }] }), result: matched(1, 0) },
  { name: 'updateMany with several arrayFilters', before: [{ _id: 1, y: [{ b: 5 }, { b: { c: [{ d: 2 }, { d: 1 }] } }] }], run: (c) => c.updateMany({}, { $set: { 'y.$[i].b.c.$[j].d': 0 } }, { arrayFilters: [{ 'j.d': 1 }, { 'i.b.c': { $exists: true } }] }), after: [{ _id: 1, y: [{ b: 5 }, { b: { c: [{ d: 2 }, { d: 0 }] } }] }] },
  { name: 'updateOne with let', before: elevens(2), run: (c) => c.updateOne(byVariable, [{ $set: { x: '$$x' } }], { let: { id: 1, x: 'foo' } }), after: [{ _id: 1, x: 'foo' }, { _id: 2, x: 22 }] },
  { name: 'updateMany with let', before: elevens(2), run: (c) => c.updateMany({ $expr: { $gt: ['$_id', '$$id'] } }, [{ $set: { y: '$$id' } }], { let: { id: 0 } }), result: matched(2, 2), after: elevens(2).map((d) => ({ ...d, y: 0 })) },
  { name: 'updateOne with sort, which MongoDB 8 brings', before: elevens(1), run: (c) => c.updateOne({}, { $set: { x: 1 } }, { sort: { _id: -1 } }), error: 40415 },
  { name: 'replaceOne of one of many', before: elevens(3), run: (c) => c.replaceOne({ _id: { $gt: 1 } }, { x: 111 } as never), result: matched(1, 1), after: [{ _id: 1, x: 11 }, { _id: 2, x: 111 }, { _id: 3, x: 33 }] },
  { name: 'replaceOne of one', before: elevens(2), run: (c) => c.replaceOne({ _id: 1 }, { _id: 1, x: 111 } as never), result: matched(1, 1), after: [{ _id: 1, x: 111 }, { _id: 2, x: 22 }] },
  { name: 'replaceOne that matches nothing', before: elevens(1), run: (c) => c.replaceOne({ _id: 4 }, { _id: 4, x: 1 } as never), result: matched(0, 0) },
  { name: 'replaceOne with upsert and an _id', before: elevens(1), run: (c) => c.replaceOne({ _id: 4 }, { _id: 4, x: 1 } as never, { upsert: true }), result: { ...matched(0, 0, 1), upsertedId: 4 }, after: [...elevens(1), { _id: 4, x: 1 }] },
  { name: 'replaceOne with sort, which MongoDB 8 brings', before: elevens(2), run: (c) => c.replaceOne({}, { x: 1 } as never, { sort: { _id: -1 } }), error: 40415 },
  { name: 'replaceOne with upsert', before: elevens(1), run: (c) => c.replaceOne({ _id: 4 }, { x: 1 } as never, { upsert: true }), result: { upsertedId: 4 }, after: [...elevens(1), { _id: 4, x: 1 }] },
  { name: 'replaceOne with let', before: elevens(2), run: (c) => c.replaceOne(byVariable, { x: 'foo' } as never, { let: { id: 1 } }), after: [{ _id: 1, x: 'foo' }, { _id: 2, x: 22 }] },
  { name: 'a pipeline with $replaceRoot and $addFields', before: [{ _id: 1, x: 1, t: { u: { v: 1 } } }, { _id: 2 }], run: (c) => c.updateOne({ _id: 1 }, [{ $replaceRoot: { newRoot: '$t' } }, { $addFields: { foo: 1 } }]), result: matched(1, 1), after: [{ _id: 1, u: { v: 1 }, foo: 1 }, { _id: 2 }] },
  { name: 'a pipeline with $project and $addFields on many', before: [{ _id: 1, x: 1, y: 1 }, { _id: 2, x: 2, y: 1 }], run: (c) => c.updateMany({}, [{ $project: { x: 1 } }, { $addFields: { foo: 1 } }]), result: matched(2, 2), after: [{ _id: 1, x: 1, foo: 1 }, { _id: 2, x: 2, foo: 1 }] },
  { name: 'findOneAndUpdate with a pipeline', before: [{ _id: 1, x: 1, y: 1 }], run: (c) => c.findOneAndUpdate({ _id: 1 }, [{ $project: { x: 1 } }, { $addFields: { foo: 1 } }]), result: { _id: 1, x: 1, y: 1 }, after: [{ _id: 1, x: 1, foo: 1 }] },
]; // prettier-ignore

export const FIND_AND: Case[] = [
  { name: 'findOneAndDelete, first by sort', before: elevens(3), run: (c) => c.findOneAndDelete({ _id: { $gt: 1 } }, { projection: { x: 1, _id: 0 }, sort: { x: -1 } }), result: { x: 33 }, after: elevens(2) },
  { name: 'findOneAndDelete of none', before: elevens(1), run: (c) => c.findOneAndDelete({ _id: 9 }), result: null },
  { name: 'findOneAndDelete with let', before: elevens(2), run: (c) => c.findOneAndDelete(byVariable, { let: { id: 1 } }), result: { _id: 1, x: 11 }, after: elevens(2).slice(1) },
  { name: 'findOneAndReplace with let', before: elevens(2), run: (c) => c.findOneAndReplace(byVariable, { x: 'x' } as never, { let: { id: 1 } }), result: { _id: 1 }, after: [{ _id: 1, x: 'x' }, { _id: 2, x: 22 }] },
  ...(['before', 'after'] as const).flatMap((returnDocument): Case[] => {
    const options = { projection: { x: 1, _id: 0 }, sort: { x: 1 }, returnDocument } as const;
    const is = (before: Document | null, after: Document | null) => (returnDocument === 'before' ? before : after);
    return [
      ...[{ _id: { $gt: 1 } }, { _id: 2 }].flatMap((filter: Document): Case[] => [
        { name: `findOneAndUpdate of ${JSON.stringify(filter)}, as it is ${returnDocument}`, before: elevens(3), run: (c) => c.findOneAndUpdate(filter, { $inc: { x: 1 } }, options), result: is({ x: 22 }, { x: 23 }), after: [{ _id: 1, x: 11 }, { _id: 2, x: 23 }, { _id: 3, x: 33 }] },
        { name: `findOneAndReplace of ${JSON.stringify(filter)}, as it is ${returnDocument}`, before: elevens(3), run: (c) => c.findOneAndReplace(filter, { x: 32 } as never, options), result: is({ x: 22 }, { x: 32 }), after: [{ _id: 1, x: 11 }, { _id: 2, x: 32 }, { _id: 3, x: 33 }] },
      ]),
      { name: `findOneAndUpdate of none, as it is ${returnDocument}`, before: elevens(3), run: (c) => c.findOneAndUpdate({ _id: 4 }, { $inc: { x: 1 } }, options), result: null },
      { name: `findOneAndReplace of none, as it is ${returnDocument}`, before: elevens(3), run: (c) => c.findOneAndReplace({ _id: 4 }, { x: 44 } as never, options), result: null },
      { name: `findOneAndUpdate with upsert, as it is ${returnDocument}`, before: elevens(3), run: (c) => c.findOneAndUpdate({ _id: 4 }, { $inc: { x: 1 } }, { ...options, upsert: true }), result: is(null, { x: 1 }), after: [...elevens(3), { _id: 4, x: 1 }] },
      ...[{}, { _id: 4 }].map((id): Case => ({ name: `findOneAndReplace with upsert and ${JSON.stringify(id)}, as it is ${returnDocument}`, before: elevens(3), run: (c) => c.findOneAndReplace({ _id: 4 }, { ...id, x: 44 } as never, { ...options, upsert: true }), result: is(null, { x: 44 }), after: elevens(4) })),
    ];
  }),
  { name: 'findOneAndUpdate with upsert of a value that is there', before: [{ _id: 1, x: 'foo' }], run: async (c) => { await c.createIndex({ x: 1 }, { unique: true }); return c.findOneAndUpdate({ _id: 2 }, { $set: { x: 'foo' } }, { upsert: true }); }, error: { code: 11000, errorResponse: { keyPattern: { x: 1 }, keyValue: { x: 'foo' } } } },
  { name: 'findOneAndUpdate with arrayFilters', before: [{ _id: 1, y: [{ b: 3 }, { b: 1 }] }], run: (c) => c.findOneAndUpdate({}, { $set: { 'y.$[i].b': 2 } }, { arrayFilters: [{ 'i.b': 3 }] }), result: { y: [{ b: 3 }, { b: 1 }] }, after: [{ _id: 1, y: [{ b: 2 }, { b: 1 }] }] },
  { name: 'findOneAndUpdate with let', before: [{ _id: 1 }, { _id: 2 }], run: (c) => c.findOneAndUpdate(byVariable, [{ $set: { x: '$$x' } }], { let: { id: 1, x: 'foo' } }), result: { _id: 1 }, after: [{ _id: 1, x: 'foo' }, { _id: 2 }] },
]; // prettier-ignore

export const setField = (field: string, input: string): Document => ({
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
