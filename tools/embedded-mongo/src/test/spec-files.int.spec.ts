import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BSON, MongoClient, MongoServerError, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestEngine } from './engine.fixture.ts';
import { startTestEngine } from './engine.fixture.ts';
import { SPEC_FILES } from './env.ts';
import { expectMatch, expectSame } from './spec-match.fixture.ts';
import { NotRun, runOperation, type Entities, type Operation } from './spec-operations.fixture.ts';

const NOT_SUPPORTED = 238;
const UNKNOWN_COMMAND = 59;

type Seed = { databaseName: string; collectionName: string; documents: Document[] };
type Entity = {
  id: string;
  uriOptions?: Document;
  database?: string;
  databaseName?: string;
  databaseOptions?: Document;
  collectionName?: string;
  collectionOptions?: Document;
};
type Test = {
  description: string;
  operations: Operation[];
  outcome?: Seed[];
  runOnRequirements?: Requirement[];
  skipReason?: string;
};
type Requirement = {
  minServerVersion?: string;
  maxServerVersion?: string;
  topologies?: string[];
  serverless?: string;
  auth?: boolean;
};
type File = {
  initialData?: Seed[];
  createEntities?: Record<string, Entity>[];
  tests: Test[];
  runOnRequirements?: Requirement[];
};

let engine: TestEngine;
let version: number[];
beforeAll(async () => {
  engine = await startTestEngine({ testCommands: true });
  version = (await engine.client.db('admin').command({ buildInfo: 1 }))['versionArray'] as number[];
});
afterAll(() => engine.stop());

/**
 * The drivers' specification files of CRUD and collection management, where somebody has them: they come with the sources of most drivers, in folders
 * `crud/unified` and `collection-management`. What is refused as not supported is no failure: it stands in the README.
 */
describe.skipIf(SPEC_FILES === undefined)('the files of MONGO_SPEC_FILES', () => {
  it('pass, but for what is refused', { timeout: 600_000 }, async () => {
    const results = { passed: 0, refused: 0, 'of other servers': 0, 'not run': 0 };
    const failures: string[] = [];
    for (const path of jsonFiles(SPEC_FILES ?? '')) {
      const file = BSON.EJSON.parse(readFileSync(path, 'utf8')) as File;
      for (const test of file.tests) {
        const meets = [file, test].every(({ runOnRequirements }) => runOnRequirements?.some(isMet) ?? true);
        const result = meets && test.skipReason === undefined ? await run(file, test) : 'of other servers';
        if (result in results) results[result as keyof typeof results] += 1;
        else failures.push(`${basename(path)}, ${test.description}: ${result}`);
      }
    }
    console.info(results);
    expect(failures).toEqual([]);
    expect(results.passed).toBeGreaterThan(0);
  });
});

const jsonFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));

function isMet({
  minServerVersion = '0',
  maxServerVersion = '99',
  topologies,
  serverless,
  auth,
}: Requirement): boolean {
  const isSingle = topologies?.includes('single') ?? true;
  const isOurs = compareVersions(minServerVersion) <= 0 && compareVersions(maxServerVersion) >= 0;
  return isSingle && isOurs && serverless !== 'require' && auth !== true;
}

/** How a version compares with the engine's. */
function compareVersions(other: string): number {
  const parts = other.split('.').map(Number);
  for (const [i, own] of version.slice(0, 3).entries()) if ((parts[i] ?? 0) !== own) return (parts[i] ?? 0) - own;
  return 0;
}

/** `passed`, `refused`, `not run`, or what went wrong. */
async function run(file: File, test: Test): Promise<string> {
  // The driver refuses or sends these by itself, each in its own way.
  if (test.operations.some(({ expectError }) => expectError?.['isClientError'] === true || isUnacknowledged(file)))
    return 'not run';
  const client = new MongoClient(engine.uri, uriOptionsOf(file));
  const entities: Entities = { admin: engine.client, dbs: new Map(), collections: new Map(), failPoints: [] };
  try {
    for (const seed of file.initialData ?? []) await fill(seed);
    for (const entity of file.createEntities ?? []) open(entity, client, entities);
    for (const operation of test.operations) await check(operation, entities);
    for (const { databaseName, collectionName, documents } of test.outcome ?? []) {
      const found = await engine.client.db(databaseName).collection(collectionName).find().sort({ _id: 1 }).toArray();
      expectSame(documents, found, 'outcome');
    }
    return 'passed';
  } catch (error) {
    if (error instanceof NotRun) return 'not run';
    return isRefusal(error) ? 'refused' : String(error);
  } finally {
    for (const name of entities.failPoints)
      await engine.client.db('admin').command({ configureFailPoint: name, mode: 'off' });
    await client.close();
  }
}

const isUnacknowledged = ({ createEntities = [] }: File): boolean =>
  createEntities.some(
    ({ collection }) => (collection?.collectionOptions?.['writeConcern'] as Document | undefined)?.['w'] === 0,
  );

/** Of a file with several clients the first one's: they differ in nothing that the engine sees. */
const uriOptionsOf = ({ createEntities = [] }: File): Document =>
  createEntities.map(({ client }) => client?.uriOptions).find((options) => options !== undefined) ?? {};

/** By whatever command a case begins that this engine doesn't have. */
const isRefusal = (error: unknown): boolean =>
  error instanceof MongoServerError && (error.code === NOT_SUPPORTED || error.code === UNKNOWN_COMMAND);

async function fill({ databaseName, collectionName, documents }: Seed): Promise<void> {
  const db = engine.client.db(databaseName);
  await db.dropCollection(collectionName);
  await db.createCollection(collectionName);
  if (documents.length > 0) await db.collection(collectionName).insertMany(documents);
}

function open(entity: Record<string, Entity>, client: MongoClient, { dbs, collections }: Entities): void {
  const { database, collection } = entity;
  if (database) dbs.set(database.id, client.db(database.databaseName, database.databaseOptions));
  const db = dbs.get(collection?.database ?? '');
  if (collection && db) {
    collections.set(collection.id, db.collection(collection.collectionName ?? '', collection.collectionOptions ?? {}));
  }
}

async function check(operation: Operation, entities: Entities): Promise<void> {
  const { name, expectError, expectResult, ignoreResultAndError } = operation;
  let result: unknown;
  try {
    result = await runOperation(operation, entities);
  } catch (error) {
    if (ignoreResultAndError) return;
    if (!expectError || isRefusal(error) || !(error instanceof Error)) throw error;
    return checkError(error, expectError);
  }
  if (expectError) throw new Error(`${name}: no error, wanted ${JSON.stringify(expectError)}`);
  if (expectResult !== undefined) expectMatch(expectResult, result, name);
}

function checkError(error: Error & Document, wanted: Document): void {
  const { errorCode, errorCodeName, errorContains, errorResponse, expectResult } = wanted;
  if (errorCode !== undefined) expectMatch(errorCode, error['code'], 'code');
  if (errorCodeName !== undefined) expectMatch(errorCodeName, error['codeName'], 'codeName');
  if (errorResponse !== undefined) expectMatch(errorResponse, error['errorResponse'] ?? error, 'error');
  if (expectResult !== undefined && error['result'] !== undefined) expectMatch(expectResult, error['result'], 'result');
  if (typeof errorContains === 'string' && !error.message.toLowerCase().includes(errorContains.toLowerCase())) {
    throw new Error(`wanted "${errorContains}", got "${error.message}"`);
  }
}
