import { decode } from '../bson/decode.ts';
import { encode } from '../bson/encode.ts';
import type { Doc } from '../bson/types.ts';
import { asNumber, isDoc, typeOf } from '../bson/types.ts';
import { CommandError, badValue, wrongType } from '../errors.ts';
import type { Query } from '../query/find.ts';
import { count, prepare, run } from '../query/find.ts';
import { compileFilter } from '../query/match.ts';
import { valuesAt } from '../query/path.ts';
import { compileProjection } from '../query/project.ts';
import { encodeKey } from '../bson/key.ts';
import type { Command, CommandDefinition } from './command.ts';
import {
  boolField,
  collectionName,
  countField,
  docField,
  findCollection,
  numberField,
  refuseCollation,
  sortAndHint,
  withVariables,
} from './command.ts';

const FIND_FIELDS = [
  'filter', 'sort', 'projection', 'hint', 'skip', 'limit', 'batchSize', 'singleBatch', 'returnKey', 'showRecordId', 'tailable',
  'awaitData', 'noCursorTimeout', 'allowPartialResults', 'collation', 'allowDiskUse', 'let', 'min', 'max', 'oplogReplay', 'ntoreturn',
]; // prettier-ignore

/** What of `find` isn't honoured is refused. */
export function findQuery(command: Command): Query {
  const { body } = command;
  refuseCollation(body);
  for (const name of ['min', 'max'])
    if (isDoc(body[name])) throw new CommandError(238, `'${name}' is not supported by this engine`);
  for (const name of ['returnKey', 'showRecordId'])
    if (body[name] === true) throw new CommandError(238, `'${name}' is not supported by this engine`);
  if (boolField(command, 'tailable'))
    throw badValue(
      `error processing query: ns=${collectionName(command)} planner returned error :: caused by :: tailable cursor requested on non capped collection`,
    );
  return {
    filter: docField(command, 'filter') ?? {},
    ...sortAndHint(docField(command, 'sort'), body['hint']),
    ...withVariables(body),
    skip: countField(command, 'skip', 0),
    limit: countField(command, 'limit', 0),
  };
}

function find(command: Command): Buffer {
  const { engine } = command;
  const query = findQuery(command);
  const ns = collectionName(command);
  const project = compileProjection(docField(command, 'projection'), query.filter);
  const batchSize = command.body['batchSize'] === undefined ? undefined : countField(command, 'batchSize', 0);
  const collection = engine.catalog.get(ns);
  if (!collection) {
    compileFilter(query.filter, query.variables);
    return engine.cursors.first(ns, [][Symbol.iterator](), 0);
  }
  const hits = run(engine.store, collection, prepare(collection, query));
  const documents = project
    ? map(hits, (hit) => encode(project(hit.doc ?? decode(hit.bytes))))
    : map(hits, (hit) => hit.bytes);
  return engine.cursors.first(ns, documents, batchSize, boolField(command, 'singleBatch'));
}

export function* map<A, B>(items: Iterable<A>, change: (item: A) => B): Generator<B, undefined> {
  for (const item of items) yield change(item);
}

function getMore(command: Command): Buffer {
  const { body, db, engine } = command;
  const id = body['getMore'];
  if (typeof id !== 'bigint' && asNumber(id) === undefined) throw wrongType('getMore.getMore', typeOf(id).name, 'long');
  if (typeof body['collection'] !== 'string')
    throw wrongType('getMore.collection', typeOf(body['collection']).name, 'string');
  const batchSize = countField(command, 'batchSize', 0);
  return engine.cursors.more(BigInt(id as bigint | number), `${db}.${body['collection']}`, batchSize || undefined);
}

function killCursors({ body, engine }: Command): Doc {
  const ids = Array.isArray(body['cursors']) ? (body['cursors'] as unknown[]) : [];
  const cursorsKilled: bigint[] = [];
  const cursorsNotFound: bigint[] = [];
  for (const id of ids) {
    const number = BigInt(typeof id === 'bigint' ? id : (asNumber(id) ?? 0));
    (engine.cursors.kill(number) ? cursorsKilled : cursorsNotFound).push(number);
  }
  return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [], ok: 1 };
}

/** The query of `count` and `distinct`. */
export function plainQuery(command: Command): Query {
  const { body } = command;
  refuseCollation(body);
  return {
    filter: docField(command, 'query') ?? {},
    ...sortAndHint(undefined, body['hint']),
    skip: countField(command, 'skip', 0),
    limit: Math.abs(numberField(command, 'limit') ?? 0),
  };
}

function countDocuments(command: Command): Doc {
  const query = plainQuery(command);
  const collection = findCollection(command);
  compileFilter(query.filter);
  return { n: collection ? count(command.engine.store, collection, prepare(collection, query)) : 0, ok: 1 };
}

function distinct(command: Command): Doc {
  const { body, engine } = command;
  const { key } = body;
  if (typeof key !== 'string') throw wrongType('distinct.key', typeOf(key).name, 'string');
  const query = plainQuery(command);
  compileFilter(query.filter);
  const collection = findCollection(command);
  const values = new Map<string, unknown>();
  for (const hit of collection ? run(engine.store, collection, prepare(collection, query)) : [])
    for (const value of valuesAt(hit.doc ?? decode(hit.bytes), key.split('.')))
      if (value !== undefined) values.set(encodeKey(value).toString('latin1'), value);
  return { values: [...values.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value), ok: 1 };
}

export const READ_COMMANDS: Record<string, CommandDefinition> = {
  find: { fields: FIND_FIELDS, run: find },
  getMore: { fields: ['collection', 'batchSize'], run: getMore },
  killCursors: { fields: ['cursors'], run: killCursors },
  count: { fields: ['query', 'limit', 'skip', 'hint', 'collation', 'fields'], run: countDocuments },
  distinct: { fields: ['key', 'query', 'collation'], run: distinct },
};
