import { ObjectId, Timestamp } from 'bson';
import { decode, decodeSome, startsWithId } from '../bson/decode.ts';
import { checkSize, encode, encodeStored } from '../bson/encode.ts';
import type { Doc } from '../bson/types.ts';
import { asNumber, isDoc, typeOf } from '../bson/types.ts';
import { TIME_LIMIT } from '../deadline.ts';
import { CommandError, badValue, failedToParse, wrongType } from '../errors.ts';
import type { Query } from '../query/find.ts';
import { prepare, run } from '../query/find.ts';
import { compileFilter } from '../query/match.ts';
import type { Command, CommandDefinition } from './command.ts';
import { boolField, collectionName, refuseCollation, sortAndHint, withVariables, writableName } from './command.ts';
import type { UpdateStatement } from './update-statement.ts';
import { updateDocuments } from './update-statement.ts';

/** As many statements of one command run in one transaction; others get their turn in between. */
const STATEMENTS_A_TURN = 2000;
const MAX_STATEMENTS = 100_000;

/** Runs statements in order, in as few transactions as is fair; what they gave, and their errors. */
async function runStatements<T, R>(
  command: Command,
  statements: readonly T[],
  apply: (statement: T, index: number) => R,
): Promise<{ results: R[]; errors: Doc[] }> {
  if (statements.length === 0 || statements.length > MAX_STATEMENTS) {
    throw new CommandError(
      16,
      `Write batch sizes must be between 1 and ${MAX_STATEMENTS}. Got ${statements.length} operations.`,
    );
  }
  const ordered = command.body['ordered'] === undefined || boolField(command, 'ordered');
  const all: { results: R[]; errors: Doc[] } = { results: [], errors: [] };
  for (let at = 0; at < statements.length; at += STATEMENTS_A_TURN) {
    const turn = await command.engine.store.write(() =>
      runTurn(statements.slice(at, at + STATEMENTS_A_TURN), at, ordered, apply),
    );
    all.results.push(...turn.results);
    all.errors.push(...turn.errors);
    if (ordered && all.errors.length > 0) break;
  }
  return all;
}

function runTurn<T, R>(
  statements: readonly T[],
  from: number,
  ordered: boolean,
  apply: (statement: T, index: number) => R,
): { results: R[]; errors: Doc[] } {
  const results: R[] = [];
  const errors: Doc[] = [];
  for (const [i, statement] of statements.entries()) {
    try {
      results.push(apply(statement, from + i));
    } catch (error) {
      if (!(error instanceof CommandError) || error.code === TIME_LIMIT) throw error;
      errors.push(error.toWriteError(from + i));
      if (ordered) break;
    }
  }
  return { results, errors };
}

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

const withErrors = (reply: Doc, errors: Doc[]): Doc =>
  errors.length ? { ...reply, writeErrors: errors, ok: 1 } : { ...reply, ok: 1 };

async function insert(command: Command): Promise<Doc> {
  const { engine } = command;
  const ns = writableName(command);
  const documents = command.sequences.get('documents') ?? docArray(command, 'documents').map(encode);
  const { results, errors } = await runStatements(command, documents, (document) => {
    const existing = engine.catalog.get(ns);
    const { doc, bytes } = toInsert(document, existing ? existing.indexRoots : ID_ONLY);
    (existing ?? engine.catalog.ensure(ns)).insert(doc, bytes);
  });
  return withErrors({ n: results.length }, errors);
}

function docArray(command: Command, name: string): Doc[] {
  const sequence = command.sequences.get(name);
  if (sequence) return sequence.map((bytes) => decode(bytes));
  const value = command.body[name];
  if (value === undefined)
    throw new CommandError(40414, `BSON field '${command.name}.${name}' is missing but a required field`);
  if (!Array.isArray(value)) throw wrongType(`${command.name}.${name}`, typeOf(value).name, 'array');
  return (value as unknown[]).map((item, i) => {
    if (!isDoc(item)) throw wrongType(`${command.name}.${name}.${i}`, typeOf(item).name, 'object');
    return item;
  });
}

const ID_ONLY: ReadonlySet<string> = new Set(['_id']);
const TIMESTAMP = 0x11;

/** A document as it will be stored: `_id` first and there, empty timestamps filled. Decoded are at least the fields of `roots`. */
function toInsert(bytes: Buffer, roots: ReadonlySet<string> | undefined): { doc: Doc; bytes: Buffer } {
  const doc = roots ? decodeSome(bytes, roots, TIMESTAMP) : decode(bytes);
  checkId(doc['_id']);
  if (startsWithId(bytes) && !hasEmptyTimes(doc)) return { doc, bytes: checkSize(bytes) };
  const { _id: id = new ObjectId(), ...rest } = decode(bytes);
  const complete = { _id: id, ...stampTimes(rest) };
  return { doc: complete, bytes: encodeStored(complete) };
}

const isEmptyTime = (v: unknown): boolean => v instanceof Timestamp && v.isZero();

function hasEmptyTimes(doc: Doc): boolean {
  for (const name in doc) if (name !== '_id' && isEmptyTime(doc[name])) return true;
  return false;
}

function stampTimes(doc: Doc): Doc {
  const now = new Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 });
  return Object.fromEntries(Object.entries(doc).map(([name, v]) => [name, isEmptyTime(v) ? now : v]));
}

export function checkId(id: unknown): void {
  const { name } = typeOf(id);
  if (name === 'array' || name === 'regex')
    throw badValue(`can't use ${name === 'array' ? 'an array' : 'a regex'} for _id`);
  const dollar = isDoc(id) ? Object.keys(id).find((key) => key.startsWith('$')) : undefined;
  if (dollar !== undefined)
    throw new CommandError(52, `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage.`);
}

async function update(command: Command): Promise<Doc> {
  const { engine } = command;
  const ns = writableName(command);
  const variables = withVariables(command.body);
  const statements = docArray(command, 'updates').map((doc) => toUpdate(doc, variables));
  const { results, errors } = await runStatements(command, statements, (statement, index) => {
    const { matched, modified, upserted } = updateDocuments(engine, ns, statement);
    return { matched, modified, upserted: upserted && { index, _id: upserted.id } };
  });
  const upserted = results.flatMap((result) => result.upserted ?? []);
  const n = sum(results.map(({ matched }) => matched)) + upserted.length;
  const nModified = sum(results.map(({ modified }) => modified));
  return withErrors({ n, nModified, ...(upserted.length ? { upserted } : {}) }, errors);
}

const UPDATE_FIELDS = ['q', 'u', 'c', 'multi', 'upsert', 'collation', 'arrayFilters', 'hint', 'sampleId'];

function toUpdate(doc: Doc, variables: { variables?: Doc }): UpdateStatement {
  checkFields(doc, 'update.updates', UPDATE_FIELDS);
  refuseCollation(doc);
  if (doc['c'] !== undefined) throw new CommandError(238, "constants ('c') are not supported by this engine");
  const { q, u } = doc;
  if (!isDoc(q)) throw wrongType('update.updates.q', typeOf(q).name, 'object');
  if (u === undefined) throw new CommandError(40414, "BSON field 'update.updates.u' is missing but a required field");
  return {
    filter: q,
    update: u,
    multi: doc['multi'] === true,
    upsert: doc['upsert'] === true,
    arrayFilters: doc['arrayFilters'],
    ...sortAndHint(undefined, doc['hint']),
    ...variables,
  };
}

function checkFields(doc: Doc, where: string, known: readonly string[]): void {
  const unknown = Object.keys(doc).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new CommandError(40415, `BSON field '${where}.${unknown}' is an unknown field.`);
}

async function remove(command: Command): Promise<Doc> {
  const { engine } = command;
  const ns = collectionName(command);
  const variables = withVariables(command.body);
  const statements = docArray(command, 'deletes').map((doc) => toDelete(doc, variables));
  const { results, errors } = await runStatements(command, statements, (query) => {
    const collection = engine.catalog.get(ns);
    if (!collection) {
      compileFilter(query.filter, query.variables);
      return 0;
    }
    const hits = [...run(engine.store, collection, prepare(collection, query))];
    for (const hit of hits) collection.remove(hit.record, hit.doc ?? decode(hit.bytes), hit.bytes);
    return hits.length;
  });
  return withErrors({ n: sum(results) }, errors);
}

function toDelete(doc: Doc, variables: { variables?: Doc }): Query {
  checkFields(doc, 'delete.deletes', ['q', 'limit', 'collation', 'hint', 'sampleId']);
  refuseCollation(doc);
  const { q: filter, limit } = doc;
  const most = asNumber(limit);
  if (!isDoc(filter)) throw wrongType('delete.deletes.q', typeOf(filter).name, 'object');
  if (most !== 0 && most !== 1)
    throw failedToParse(`The limit field in delete objects must be 0 or 1. Got ${String(limit)}`);
  return { filter, skip: 0, limit: most, ...sortAndHint(undefined, doc['hint']), ...variables };
}

const COMMON = ['ordered', 'bypassDocumentValidation'];

export const WRITE_COMMANDS: Record<string, CommandDefinition> = {
  insert: { fields: ['documents', ...COMMON], run: insert },
  update: { fields: ['updates', 'let', ...COMMON], run: update },
  delete: { fields: ['deletes', 'let', ...COMMON], run: remove },
};
