import { ObjectId, Timestamp } from 'bson';
import { decode } from '../bson/decode.ts';
import { encode, encodeStored } from '../bson/encode.ts';
import type { Doc } from '../bson/types.ts';
import { asNumber, isDoc, typeOf } from '../bson/types.ts';
import { CommandError, badValue, failedToParse, wrongType } from '../errors.ts';
import { prepare, run } from '../query/find.ts';
import { compileFilter } from '../query/match.ts';
import type { Command, CommandDefinition } from './command.ts';
import { boolField, collectionName, refuseOptions, writableName } from './command.ts';
import type { UpdateStatement } from './update-statement.ts';
import { updateDocuments } from './update-statement.ts';

/** As many statements of one command run in one transaction; others get their turn in between. */
const STATEMENTS_A_TURN = 2000;
const MAX_STATEMENTS = 100_000;

/** Runs statements in order, in as few transactions as is fair, and collects their errors. */
async function runStatements<T>(
  command: Command,
  statements: readonly T[],
  apply: (statement: T, index: number) => void,
): Promise<Doc[]> {
  if (statements.length === 0 || statements.length > MAX_STATEMENTS) {
    throw new CommandError(
      16,
      `Write batch sizes must be between 1 and ${MAX_STATEMENTS}. Got ${statements.length} operations.`,
    );
  }
  const ordered = command.body['ordered'] === undefined || boolField(command, 'ordered');
  const errors: Doc[] = [];
  for (let at = 0; at < statements.length; at += STATEMENTS_A_TURN) {
    await command.engine.store.write(() => {
      for (const [i, statement] of statements.slice(at, at + STATEMENTS_A_TURN).entries()) {
        try {
          apply(statement, at + i);
        } catch (error) {
          if (!(error instanceof CommandError)) throw error;
          errors.push(error.toWriteError(at + i));
          if (ordered) return;
        }
      }
    });
    if (ordered && errors.length > 0) break;
  }
  return errors;
}

const withErrors = (reply: Doc, errors: Doc[]): Doc =>
  errors.length ? { ...reply, writeErrors: errors, ok: 1 } : { ...reply, ok: 1 };

async function insert(command: Command): Promise<Doc> {
  const { engine } = command;
  const ns = writableName(command);
  const documents = (command.sequences.get('documents') ?? rawArray(command, 'documents')).map(toInsert);
  let n = 0;
  const errors = await runStatements(command, documents, (document) => {
    if (document instanceof CommandError) throw document;
    engine.catalog.ensure(ns).insert(document.doc, document.bytes);
    n++;
  });
  return withErrors({ n }, errors);
}

function rawArray(command: Command, name: string): Buffer[] {
  return docArray(command, name).map(encode);
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

/** A document as it will be stored: `_id` first and there, empty timestamps filled. */
function toInsert(bytes: Buffer): { doc: Doc; bytes: Buffer } | CommandError {
  try {
    const doc = decode(bytes);
    const stamped = stampTimes(doc);
    const first = Object.keys(doc)[0];
    checkId(doc['_id']);
    if (first === '_id' && !stamped) return { doc, bytes: checkSize(bytes) };
    const { _id: id = new ObjectId(), ...rest } = doc;
    const complete = { _id: id, ...rest };
    return { doc: complete, bytes: encodeStored(complete) };
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
}

function checkSize(bytes: Buffer): Buffer {
  return bytes.length > 16 * 1024 * 1024 ? encodeStored(decode(bytes)) : bytes;
}

function stampTimes(doc: Doc): boolean {
  let stamped = false;
  for (const [key, value] of Object.entries(doc)) {
    if (value instanceof Timestamp && value.isZero() && key !== '_id') {
      doc[key] = new Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 });
      stamped = true;
    }
  }
  return stamped;
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
  const statements = docArray(command, 'updates').map(toUpdate);
  let n = 0;
  let nModified = 0;
  const upserted: Doc[] = [];
  const errors = await runStatements(command, statements, (statement, index) => {
    if (statement instanceof CommandError) throw statement;
    const result = updateDocuments(engine, ns, statement);
    n += result.matched + (result.upserted ? 1 : 0);
    nModified += result.modified;
    if (result.upserted) upserted.push({ index, _id: result.upserted.id });
  });
  return withErrors({ n, nModified, ...(upserted.length ? { upserted } : {}) }, errors);
}

const UPDATE_FIELDS = ['q', 'u', 'c', 'multi', 'upsert', 'collation', 'arrayFilters', 'hint', 'sampleId', 'sort'];

function toUpdate(doc: Doc): UpdateStatement | CommandError {
  checkFields(doc, 'update.updates', UPDATE_FIELDS);
  try {
    refuseOptions(doc);
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
      hint: doc['hint'],
    };
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
}

function checkFields(doc: Doc, where: string, known: readonly string[]): void {
  const unknown = Object.keys(doc).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new CommandError(40415, `BSON field '${where}.${unknown}' is an unknown field.`);
}

async function remove(command: Command): Promise<Doc> {
  const { engine } = command;
  const ns = collectionName(command);
  let n = 0;
  const errors = await runStatements(command, docArray(command, 'deletes'), (statement) => {
    checkFields(statement, 'delete.deletes', ['q', 'limit', 'collation', 'hint', 'sampleId']);
    refuseOptions(statement);
    const { q: filter, limit, hint } = statement;
    const most = asNumber(limit);
    if (!isDoc(filter)) throw wrongType('delete.deletes.q', typeOf(filter).name, 'object');
    if (most !== 0 && most !== 1)
      throw failedToParse(`The limit field in delete objects must be 0 or 1. Got ${String(limit)}`);
    const collection = engine.catalog.get(ns);
    if (!collection) return void compileFilter(filter);
    const prepared = prepare(collection, { filter, sort: [], skip: 0, limit: most, hint });
    for (const hit of [...run(engine.store, collection, prepared)]) {
      collection.remove(hit.record, hit.doc ?? decode(hit.bytes), hit.bytes);
      n++;
    }
  });
  return withErrors({ n }, errors);
}

const COMMON = ['ordered', 'bypassDocumentValidation', 'let', 'stmtId', 'stmtIds', 'maxTimeMS'];

export const WRITE_COMMANDS: Record<string, CommandDefinition> = {
  insert: { fields: ['documents', ...COMMON], run: insert },
  update: { fields: ['updates', ...COMMON], run: update },
  delete: { fields: ['deletes', ...COMMON], run: remove },
};
