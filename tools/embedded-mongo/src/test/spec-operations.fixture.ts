import type { Collection, Db, Document, MongoClient } from 'mongodb';

/** The file asks for what this runner doesn't do, not for what the engine doesn't. */
export class NotRun extends Error {}

export type Operation = {
  name: string;
  object: string;
  arguments?: Document;
  expectError?: Document;
  expectResult?: unknown;
  ignoreResultAndError?: boolean;
};

/** What the operations of a test name: collections, databases, and the client that looks on. */
export type Entities = {
  admin: MongoClient;
  dbs: Map<string, Db>;
  collections: Map<string, Collection>;
  failPoints: string[];
};

const WITHOUT_METADATA = { includeResultMetadata: false } as const;

/** Runs one operation of the unified test format with the driver, and gives what it gave. @throws NotRun, or what the driver throws */
export async function runOperation(
  { name, object, arguments: given = {} }: Operation,
  entities: Entities,
): Promise<unknown> {
  const collection = entities.collections.get(object);
  const db = entities.dbs.get(object);
  if (collection) return onCollection(collection, name, given);
  if (db) return onDb(db, name, given);
  return byRunner(name, given, entities);
}

async function onCollection(collection: Collection, name: string, given: Document): Promise<unknown> {
  const {
    filter,
    update,
    replacement,
    document,
    documents,
    requests,
    pipeline,
    fieldName,
    session: _,
    ...options
  } = given;
  const after =
    typeof options['returnDocument'] === 'string' ? { returnDocument: options['returnDocument'].toLowerCase() } : {};
  const found = { ...WITHOUT_METADATA, ...options, ...after } as typeof WITHOUT_METADATA;
  const by = filter as Document;
  switch (name) {
    case 'find':
      return collection.find(by, options).toArray();
    case 'findOne':
      return collection.findOne(by, options);
    case 'aggregate':
      return collection.aggregate(pipeline as Document[], options).toArray();
    case 'countDocuments':
      return collection.countDocuments(by, options);
    case 'estimatedDocumentCount':
      return collection.estimatedDocumentCount(options);
    case 'distinct':
      return collection.distinct(fieldName as string, by, options);
    case 'insertOne':
      return collection.insertOne(document as Document, options);
    case 'insertMany':
      return collection.insertMany(documents as Document[], options);
    case 'updateOne':
      return collection.updateOne(by, update as Document, options);
    case 'updateMany':
      return collection.updateMany(by, update as Document, options);
    case 'replaceOne':
      return collection.replaceOne(by, replacement as Document, options);
    case 'deleteOne':
      return collection.deleteOne(by, options);
    case 'deleteMany':
      return collection.deleteMany(by, options);
    case 'findOneAndUpdate':
      return collection.findOneAndUpdate(by, update as Document, found);
    case 'findOneAndReplace':
      return collection.findOneAndReplace(by, replacement as Document, found);
    case 'findOneAndDelete':
      return collection.findOneAndDelete(by, found);
    case 'bulkWrite':
      return collection.bulkWrite(requests as never[], options);
    case 'createIndex':
      return createIndex(collection, options);
    case 'listIndexes':
      return collection.listIndexes().toArray();
    default:
      throw new NotRun(name);
  }
}

function createIndex(collection: Collection, { keys, ...options }: Document): Promise<string> {
  return collection.createIndex(keys as Record<string, 1>, options);
}

async function onDb(db: Db, name: string, given: Document): Promise<unknown> {
  const { collection, filter, pipeline, command, ...options } = given;
  const named = collection as string;
  switch (name) {
    case 'aggregate':
      return db.aggregate(pipeline as Document[], options).toArray();
    case 'runCommand':
      return db.command(command as Document);
    case 'createCollection':
      return db.createCollection(named, options);
    case 'modifyCollection':
      return db.command({ collMod: named, ...options });
    case 'dropCollection':
      return db.dropCollection(named);
    case 'listCollections':
      return db.listCollections((filter as Document | undefined) ?? {}, options).toArray();
    default:
      throw new NotRun(name);
  }
}

async function byRunner(name: string, given: Document, { admin, failPoints }: Entities): Promise<void> {
  if (name === 'failPoint') {
    const failPoint = given['failPoint'] as Document;
    await admin.db('admin').command(failPoint);
    failPoints.push(String(failPoint['configureFailPoint']));
  } else if (name === 'assertCollectionExists' || name === 'assertCollectionNotExists') {
    const found = await admin
      .db(String(given['databaseName']))
      .listCollections({ name: given['collectionName'] as string })
      .toArray();
    if (found.length > 0 !== (name === 'assertCollectionExists')) throw new Error(name);
  } else throw new NotRun(name);
}
