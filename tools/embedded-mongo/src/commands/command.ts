import type { Doc } from '../bson/types.ts';
import { asNumber, isDoc, typeOf } from '../bson/types.ts';
import { CommandError, badValue, failedToParse, wrongType } from '../errors.ts';
import { parseVariables } from '../aggregate/expression.ts';
import { parseSort } from '../query/sort.ts';
import type { SortField } from '../query/sort.ts';
import type { Catalog } from '../storage/catalog.ts';
import { checkNamespace } from '../storage/catalog.ts';
import type { Collection } from '../storage/collection.ts';
import type { Store } from '../storage/store.ts';
import type { Cursors } from './cursors.ts';
import type { FailPoint } from './fail-point.ts';

/** What commands work with. */
export type Engine = {
  store: Store;
  catalog: Catalog;
  cursors: Cursors;
  startedAt: number;
  processId: unknown;
  connections: () => number;
  /** What commands are made to fail; undefined where they can't be. */
  failPoint: FailPoint | undefined;
};

/** One command being run. */
export type Command = {
  engine: Engine;
  name: string;
  db: string;
  body: Doc;
  sequences: ReadonlyMap<string, Buffer[]>;
  connectionId: number;
  signal: AbortSignal;
  exhaustAllowed: boolean;
};

/** A command: the fields it knows (others are refused) and what it does. */
export type CommandDefinition = {
  /** `*` where mongod takes any. */
  fields: readonly string[];
  run(command: Command): Promise<Doc | Buffer> | Doc | Buffer;
};

export function collectionName({ name, db, body }: Command): string {
  const value = body[name];
  if (typeof value !== 'string') throw new CommandError(73, `collection name has invalid type ${typeOf(value).name}`);
  if (value === '') throw new CommandError(73, `Invalid namespace specified '${db}.'`);
  return `${db}.${value}`;
}

/** The namespace of a command that may make the collection. */
export function writableName(command: Command): string {
  const ns = collectionName(command);
  if (!command.engine.catalog.get(ns)) checkNamespace(ns);
  return ns;
}

export function findCollection(command: Command): Collection | undefined {
  return command.engine.catalog.get(collectionName(command));
}

export function docField(command: Command, name: string): Doc | undefined {
  const value = command.body[name];
  if (value === undefined) return undefined;
  if (!isDoc(value)) throw wrongType(`${command.name}.${name}`, typeOf(value).name, 'object');
  return value;
}

/** The `let` of a command, for its queries. */
export function withVariables(body: Doc): { variables?: Doc } {
  const variables = parseVariables(body['let']);
  return variables ? { variables } : {};
}

/** A whole, non-negative number, or `otherwise` when the field is missing. */
export function countField(command: Command, name: string, otherwise: number): number {
  const number = numberField(command, name);
  if (number === undefined) return otherwise;
  if (number < 0) throw new CommandError(51024, `BSON field '${name}' value must be >= 0, actual value '${number}'`);
  return Math.trunc(number);
}

export function numberField(command: Command, name: string): number | undefined {
  const value = command.body[name];
  const number = asNumber(value);
  if (value !== undefined && number === undefined)
    throw wrongType(`${command.name}.${name}`, typeOf(value).name, 'long');
  return number;
}

export function boolField(command: Command, name: string): boolean {
  const value = command.body[name];
  if (value === undefined) return false;
  if (typeof value === 'boolean') return value;
  const number = asNumber(value);
  if (number === undefined) throw wrongType(`${command.name}.${name}`, typeOf(value).name, 'bool');
  return number !== 0;
}

/** `{sort: {$natural: ±1}}` reads the collection itself in its order. */
export function sortAndHint(sort: Doc | undefined, given: unknown): { sort: SortField[]; hint: unknown } {
  const hint = isDoc(given) && Object.keys(given).length === 0 ? undefined : given;
  if (hint !== undefined && typeof hint !== 'string' && !isDoc(hint))
    throw failedToParse('Hint must be a string or an object');
  if (sort && '$natural' in sort) return { sort: [], hint: hint ?? { $natural: asNumber(sort['$natural']) ?? 1 } };
  return { sort: parseSort(sort), hint };
}

/** Any collation but `simple` would change an answer. */
export function refuseCollation(options: Doc): void {
  const collation = options['collation'];
  if (isDoc(collation) && Object.keys(collation).length > 0 && collation['locale'] !== 'simple') {
    throw new CommandError(238, 'collation is not supported by this engine');
  }
}

/** A write is answered once it is on disk; more than that nobody can have of a single server. */
export function refuseWriteConcern(body: Doc): void {
  const concern = body['writeConcern'];
  if (concern === undefined) return;
  if (!isDoc(concern)) throw wrongType('writeConcern', typeOf(concern).name, 'object');
  const w = concern['w'];
  const number = asNumber(w);
  if (number !== undefined && number > 1) throw badValue("cannot use 'w' > 1 when a host is not replicated");
  if (typeof w === 'string' && w !== 'majority')
    throw badValue(`cannot use non-majority 'w' mode ${w} when a host is not a member of a replica set`);
}

/** A command that only the database `admin` has. */
export function adminOnly(definition: CommandDefinition): CommandDefinition {
  return {
    ...definition,
    run(command) {
      if (command.db !== 'admin')
        throw new CommandError(13, `${command.name} may only be run against the admin database.`);
      return definition.run(command);
    },
  };
}

/** A command that answers at once, with `reply` and `ok: 1`. */
export const fixed = (fields: readonly string[], reply: (command: Command) => Doc): CommandDefinition => ({
  fields,
  run: (command) => ({ ...reply(command), ok: 1 }),
});
