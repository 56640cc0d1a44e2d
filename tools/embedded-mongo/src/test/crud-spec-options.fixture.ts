import {
  BSONSymbol, Binary, Code, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp,
} from 'mongodb'; // prettier-ignore
import type { Collection, Document } from 'mongodb';
import type { Case, Item } from './crud-spec.fixture.ts';
import { elevens } from './crud-spec.fixture.ts';

type Coll = Collection<Item>;
type Write = {
  name: string;
  run(collection: Coll, options: Document): Promise<unknown>;
  after: readonly Item[];
  filters: boolean;
};

const second = { _id: { $gt: 1 } };
const increased = [...elevens(1), { _id: 2, x: 23 }];

/** Every method that writes, and what it makes of `elevens(2)`. */
const WRITING: Write[] = [
  { name: 'insertOne', filters: false, run: (c, o) => c.insertOne({ _id: 3, x: 33 }, o), after: elevens(3) },
  { name: 'insertMany', filters: false, run: (c, o) => c.insertMany([{ _id: 3, x: 33 }], o), after: elevens(3) },
  { name: 'updateOne', filters: true, run: (c, o) => c.updateOne(second, { $inc: { x: 1 } }, o), after: increased },
  { name: 'updateMany', filters: true, run: (c, o) => c.updateMany(second, { $inc: { x: 1 } }, o), after: increased },
  { name: 'replaceOne', filters: true, run: (c, o) => c.replaceOne(second, { x: 23 } as never, o), after: increased },
  { name: 'deleteOne', filters: true, run: (c, o) => c.deleteOne(second, o), after: elevens(1) },
  { name: 'deleteMany', filters: true, run: (c, o) => c.deleteMany(second, o), after: elevens(1) },
  { name: 'findOneAndUpdate', filters: true, run: (c, o) => c.findOneAndUpdate(second, { $inc: { x: 1 } }, o), after: increased },
  { name: 'findOneAndReplace', filters: true, run: (c, o) => c.findOneAndReplace(second, { x: 23 } as never, o), after: increased },
  { name: 'findOneAndDelete', filters: true, run: (c, o) => c.findOneAndDelete(second, o), after: elevens(1) },
  { name: 'bulkWrite', filters: false, run: (c, o) => c.bulkWrite([{ insertOne: { document: { _id: 3, x: 33 } } }], o), after: elevens(3) },
]; // prettier-ignore

const unacknowledged = { writeConcern: { w: 0 } };

/** Options, and whether they are for methods that filter only. */
const OPTIONS: [options: Document, filtersOnly: boolean][] = [
  [{ comment: 'why' }, false],
  [{ comment: { key: 'value' } }, false],
  [{ bypassDocumentValidation: false }, false],
  [{ bypassDocumentValidation: true }, false],
  [unacknowledged, false],
  [{ hint: '_id_' }, true],
  [{ hint: { _id: 1 } }, true],
  [{ hint: '_id_', ...unacknowledged }, true],
  [{ hint: { _id: 1 }, ...unacknowledged }, true],
];

export const WRITE_OPTIONS: Case[] = WRITING.flatMap((write) => [
  ...OPTIONS.filter(([, filtersOnly]) => write.filters || !filtersOnly).map(
    ([options]): Case => ({
      name: `${write.name} with ${JSON.stringify(options)}`,
      before: elevens(2),
      run: (c) => write.run(c, options),
      after: write.after,
    }),
  ),
  ...(write.filters ? [{ hint: 'none' }, { hint: { none: 1 } }] : []).map(
    (options): Case => ({
      name: `${write.name} with ${JSON.stringify(options)}, which is no index`,
      before: elevens(2),
      run: (c) => write.run(c, options),
      error: 2,
    }),
  ),
  ...(write.filters
    ? [{ name: `${write.name} with a collation`, before: elevens(2), run: (c: Coll) => write.run(c, { collation: { locale: 'en', strength: 2 } }), error: 238 }]
    : []),
]); // prettier-ignore

const IDS: [name: string, id: unknown][] = [
  ['double', new Double(NaN)], ['string', ''], ['object', {}], ['binData', new Binary(Buffer.alloc(0))],
  ['objectId', new ObjectId('507f1f77bcf86cd799439011')], ['bool', false], ['date', new Date(0)], ['null', null],
  ['javascript', new Code('')], ['symbol', new BSONSymbol('')], ['int', new Int32(0)], ['timestamp', new Timestamp(0n)],
  ['long', Long.fromInt(0)], ['decimal', Decimal128.fromString('0')], ['minKey', new MinKey()], ['maxKey', new MaxKey()],
]; // prettier-ignore

/** Where the document has no _id, or null, the driver would make one. */
const asGiven = { forceServerObjectId: true };

const INSERTING: [name: string, run: (c: Coll, _id: never) => Promise<unknown>][] = [
  ['insertOne', (c, _id) => c.insertOne({ _id }, asGiven)],
  ['insertMany', (c, _id) => c.insertMany([{ _id }], asGiven)],
  ['updateOne', (c, _id) => c.updateOne({ _id }, { $unset: { a: '' } }, { upsert: true })],
  ['updateMany', (c, _id) => c.updateMany({ _id }, { $unset: { a: '' } }, { upsert: true })],
  ['replaceOne', (c, _id) => c.replaceOne({}, { _id }, { upsert: true })],
  ['bulkWrite', (c, _id) => c.bulkWrite([{ insertOne: { document: { _id } } }], asGiven)],
];

/** An `_id` of any type but array and regular expression is stored as that type, however it comes. */
export const ID_TYPES: Case[] = INSERTING.flatMap(([method, run]) => [
  ...IDS.map(([type, _id]): Case => ({
    name: `${method} of an _id of type ${type}`,
    run: async (c) => {
      await run(c, _id as never);
      return c.find({ _id: { $type: type } } as never, { promoteValues: false, projection: { _id: 1 } }).toArray();
    },
    result: [{ _id }],
    after: 'anything',
  })),
  { name: `${method} refuses an _id of type array`, run: (c) => run(c, [1] as never), error: 2 },
  // A regular expression in a filter asks for what matches it.
  ...(method.startsWith('update') ? [] : [{ name: `${method} refuses an _id of type regex`, run: (c: Coll) => run(c, /abc/i as never), error: 2 }]),
]); // prettier-ignore
