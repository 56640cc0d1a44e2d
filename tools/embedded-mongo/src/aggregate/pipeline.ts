import { Aggregator } from 'mingo/aggregator';
import { decode } from '../bson/decode.ts';
import { encode } from '../bson/encode.ts';
import type { Doc } from '../bson/types.ts';
import { asNumber, isDoc } from '../bson/types.ts';
import type { Engine } from '../commands/command.ts';
import { sortAndHint } from '../commands/command.ts';
import { CommandError } from '../errors.ts';
import type { Query } from '../query/find.ts';
import { count, prepare, run } from '../query/find.ts';
import { toMingo } from './expression.ts';
import { pipelineContext } from './stages.ts';
import { sourceDocuments } from './sources.ts';
import { guarded } from './expression.ts';

/** A pipeline that is checked, and what it is run with. */
export type Pipeline = {
  db: string;
  /** Name of the collection; undefined for a pipeline of the database. */
  name: string | undefined;
  stages: readonly Doc[];
  hint: unknown;
  variables?: Doc;
  /** The session of whoever asks. */
  session?: Doc;
};

/**
 * Runs a pipeline. The `$match`, `$sort`, `$skip` and `$limit` it begins with become a planned query;
 * what follows runs in mingo, with matching and sorting replaced by our own.
 */
export function* aggregateDocuments(engine: Engine, pipeline: Pipeline): Generator<Buffer, undefined> {
  const { db, name, stages } = pipeline;
  const given = stages[0] && sourceDocuments(engine, pipeline, stages[0]);
  const { query, rest } = given ? { query: undefined, rest: stages.slice(1) } : pushDown(pipeline);
  const collection = name === undefined || !query ? undefined : engine.catalog.get(`${db}.${name}`);
  const prepared = collection && query && prepare(collection, query);
  const counted = countOnly(rest);
  if (collection && prepared && counted) {
    const n = count(engine.store, collection, prepared);
    if (n > 0) yield encode(counted(n));
    return;
  }
  const hits = collection && prepared ? run(engine.store, collection, prepared) : [];
  if (rest.length === 0 && !given) {
    for (const { bytes } of hits) yield bytes;
    return;
  }
  const documents = given ?? [...hits].map((hit) => hit.doc ?? decode(hit.bytes));
  const options = {
    context: pipelineContext,
    collectionResolver: (other: string): Doc[] => readAll(engine, `${db}.${other}`),
    variables: pipeline.variables ?? {},
  };
  const results = guarded(() =>
    new Aggregator(
      rest.map((stage) => toMingo(stage) as Doc),
      options,
    ).run<Doc>(documents.map((doc) => toMingo(doc) as Doc)),
  );
  for (const doc of results) yield encode(doc);
}

function readAll(engine: Engine, ns: string): Doc[] {
  const collection = engine.catalog.get(ns);
  if (!collection) return [];
  const everything = { filter: {}, sort: [], skip: 0, limit: 0 };
  return [...run(engine.store, collection, prepare(collection, everything))].map(
    (hit) => toMingo(decode(hit.bytes)) as Doc,
  );
}

/** Makes the beginning of a pipeline a query; `rest` is what follows. */
export function pushDown({ stages, hint, variables }: Pipeline): { query: Query; rest: readonly Doc[] } {
  const filters: Doc[] = [];
  let sort: Doc | undefined;
  let skip = 0;
  let limit = 0;
  let at = 0;
  for (; at < stages.length; at++) {
    const stage = stages[at] ?? {};
    if ('$match' in stage && !sort && !skip && !limit) filters.push(matchOf(stage['$match']));
    else if ('$sort' in stage && !sort && !skip && !limit && isDoc(stage['$sort'])) sort = stage['$sort'];
    else if ('$skip' in stage && !skip && !limit) skip = wholeOf(stage['$skip'], '$skip', 0);
    else if ('$limit' in stage && !limit) limit = wholeOf(stage['$limit'], '$limit', 1);
    else break;
  }
  const [only] = filters;
  const filter = filters.length > 1 ? { $and: filters } : (only ?? {});
  const query = { filter, skip, limit, ...sortAndHint(sort, hint), ...(variables ? { variables } : {}) };
  return { query, rest: stages.slice(at) };
}

function matchOf(filter: unknown): Doc {
  if (!isDoc(filter)) throw new CommandError(15959, 'the match filter must be an expression in an object');
  return filter;
}

function wholeOf(value: unknown, stage: string, least: number): number {
  const number = asNumber(value);
  if (number === undefined || !Number.isInteger(number))
    throw new CommandError(
      stage === '$limit' ? 2107201 : 5107200,
      `invalid argument to ${stage} stage: Expected an integer: ${stage}: ${String(value)}`,
    );
  if (number < least)
    throw stage === '$limit'
      ? new CommandError(15958, 'the limit must be positive')
      : new CommandError(
          5107200,
          `invalid argument to $skip stage: Expected a non-negative number in: $skip: ${number}`,
        );
  return number;
}

/** `[{$group: {_id: <constant>, n: {$sum: 1}}}]`, which `countDocuments` sends, and `[{$count: 'n'}]`. */
function countOnly(rest: readonly Doc[]): ((n: number) => Doc) | undefined {
  const [stage] = rest;
  if (rest.length !== 1 || !stage) return undefined;
  const name = stage['$count'];
  if (typeof name === 'string') return (n) => ({ [name]: n });
  const group = stage['$group'];
  if (!isDoc(group)) return undefined;
  const { _id: id, ...fields } = group;
  const [[field, accumulator] = []] = Object.entries(fields);
  const constant = id === null || typeof id === 'number';
  if (!constant || Object.keys(fields).length !== 1 || field === undefined || !isDoc(accumulator)) return undefined;
  return accumulator['$sum'] === 1 && Object.keys(accumulator).length === 1
    ? (n) => ({ _id: id, [field]: n })
    : undefined;
}
