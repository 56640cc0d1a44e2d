import type { Doc } from '../bson/types.ts';
import { asNumber } from '../bson/types.ts';
import { withDeadline } from '../deadline.ts';
import { CommandError, badValue } from '../errors.ts';
import type { Answer } from '../wire/connection.ts';
import { ConnectionLost } from '../wire/connection.ts';
import type { Reply, Request } from '../wire/message.ts';
import { ADMINISTRATION_COMMANDS } from './administration.ts';
import { AGGREGATE_COMMANDS } from './aggregate.ts';
import { COLLECTION_COMMANDS } from './collections.ts';
import type { CommandDefinition, Engine } from './command.ts';
import { refuseWriteConcern } from './command.ts';
import { EXPLAIN_COMMANDS } from './explain.ts';
import { FAIL_POINT_COMMANDS } from './fail-point.ts';
import { FIND_AND_MODIFY_COMMANDS } from './find-and-modify.ts';
import { HANDSHAKE_COMMANDS } from './handshake.ts';
import { INDEX_COMMANDS } from './indexes.ts';
import { READ_COMMANDS } from './read.ts';
import { WRITE_COMMANDS } from './write.ts';

const COMMANDS = new Map<string, CommandDefinition>(
  Object.entries({
    ...HANDSHAKE_COMMANDS,
    ...READ_COMMANDS,
    ...WRITE_COMMANDS,
    ...FIND_AND_MODIFY_COMMANDS,
    ...AGGREGATE_COMMANDS,
    ...INDEX_COMMANDS,
    ...COLLECTION_COMMANDS,
    ...EXPLAIN_COMMANDS,
    ...ADMINISTRATION_COMMANDS,
    ...FAIL_POINT_COMMANDS,
  }),
);

/** Fields that any command may have. Read preference and sessions mean nothing to a single server without transactions. */
const COMMON_FIELDS = new Set([
  '$db', 'lsid', '$clusterTime', '$readPreference', 'readConcern', 'writeConcern', 'maxTimeMS', 'comment',
  'apiVersion', 'apiStrict', 'apiDeprecationErrors', 'txnNumber', 'autocommit', 'startTransaction', 'maxTimeMSOpOnly',
]); // prettier-ignore

/** The commands of API version 1. */
const STABLE_API = new Set([
  'aggregate', 'collMod', 'count', 'create', 'createIndexes', 'delete', 'drop', 'dropDatabase', 'dropIndexes', 'endSessions', 'explain',
  'find', 'findAndModify', 'getMore', 'hello', 'insert', 'killCursors', 'listCollections', 'listDatabases', 'listIndexes', 'ping',
  'refreshSessions', 'update',
]); // prettier-ignore

/** Runs a command, at once where it can, and turns whatever goes wrong into MongoDB's error reply. */
export function dispatch(
  engine: Engine,
  request: Request,
  connectionId: number,
  signal: AbortSignal,
): Answer | Promise<Answer> {
  const { body } = request;
  const answer = (reply: Reply): Answer => ('topologyVersion' in body ? { reply, repeat: body } : { reply });
  try {
    const reply = runCommand(engine, request, connectionId, signal);
    return reply instanceof Promise ? reply.then(answer, (error: unknown) => failed(request, error)) : answer(reply);
  } catch (error) {
    return failed(request, error);
  }
}

function failed({ body }: Request, error: unknown): Answer {
  if (error instanceof CommandError) return { reply: error.toReply() };
  if (error instanceof ConnectionLost) throw error;
  process.stderr.write(
    `embedded-mongo: internal error in ${Object.keys(body)[0] ?? ''}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return { reply: new CommandError(1, error instanceof Error ? error.message : String(error)).toReply() };
}

function runCommand(
  engine: Engine,
  { body, sequences, exhaustAllowed }: Request,
  connectionId: number,
  signal: AbortSignal,
): Reply | Promise<Reply> {
  const given = Object.keys(body);
  const [name = ''] = given;
  const db = body['$db'];
  if (typeof db !== 'string' || db === '') throw new CommandError(40571, 'OP_MSG requests require a $db argument');
  const definition = COMMANDS.get(name);
  if (!definition) throw new CommandError(59, `no such command: '${name}'`);
  checkCommon(name, body);
  const { fields } = definition;
  const isKnown = (field: string): boolean => field === name || fields.includes(field) || COMMON_FIELDS.has(field);
  const unknown = fields.includes('*') ? undefined : [...given, ...sequences.keys()].find((field) => !isKnown(field));
  if (unknown !== undefined) throw new CommandError(40415, `BSON field '${name}.${unknown}' is an unknown field.`);
  const more = engine.failPoint?.next(name);
  const reply = withDeadline(performance.now() + timeLimit(body), () =>
    definition.run({ engine, name, db, body, sequences, connectionId, signal, exhaustAllowed }),
  );
  return more
    ? Promise.resolve(reply).then((given) => (Buffer.isBuffer(given) ? given : { ...given, ...more }))
    : reply;
}

/** The milliseconds of `maxTimeMS`; 0 is no limit. */
function timeLimit({ maxTimeMS: given }: Doc): number {
  if (given === undefined) return Infinity;
  const limit = asNumber(given);
  if (limit === undefined || !Number.isInteger(limit)) throw badValue('maxTimeMS must be a number');
  if (limit < 0 || limit > 0x7fffffff) throw badValue(`${limit} value for maxTimeMS is out of range [0, 2147483647]`);
  return limit === 0 ? Infinity : limit;
}

function checkCommon(name: string, body: Doc): void {
  if (body['txnNumber'] !== undefined || body['startTransaction'] !== undefined || body['autocommit'] !== undefined) {
    throw new CommandError(20, 'Transaction numbers are only allowed on a replica set member or mongos');
  }
  refuseWriteConcern(body);
  const concern = body['readConcern'] as Doc | undefined;
  const level = concern?.['level'];
  if (level === 'snapshot' || level === 'linearizable') {
    throw new CommandError(
      123,
      `node needs to be a replica set member to use read concern ${level === 'snapshot' ? ': snapshot' : ''}`.trim(),
    );
  }
  if (body['apiVersion'] !== undefined && body['apiVersion'] !== '1') {
    throw new CommandError(322, 'API version must be "1"');
  }
  if (body['apiStrict'] === true && !STABLE_API.has(name))
    throw new CommandError(
      323,
      `Provided apiStrict:true, but the command ${name} is not in API Version 1. Information on supported commands and migrations in API Version 1 can be found at https://dochub.mongodb.org/core/manual-versioned-api`,
    );
}
