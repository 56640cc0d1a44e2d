import { pushDown } from '../aggregate/pipeline.ts';
import type { Doc } from '../bson/types.ts';
import { fromEntries, isDoc } from '../bson/types.ts';
import { CommandError, failedToParse } from '../errors.ts';
import type { Prepared, Query } from '../query/find.ts';
import { count, prepare, run } from '../query/find.ts';
import type { Plan } from '../query/plan.ts';
import type { Collection } from '../storage/collection.ts';
import { parsePipeline } from './aggregate.ts';
import type { Command, CommandDefinition } from './command.ts';
import { sortAndHint, withVariables } from './command.ts';
import { VERSION } from './handshake.ts';
import { findQuery, plainQuery } from './read.ts';

type Explained = { query: Query; rest: readonly Doc[] };

/** Plans the command in `body` and, unless only the plan is asked for, runs its query and counts what it examined. Nothing is written. */
export function explainCommand(command: Command, verbosity: unknown): Doc {
  const { name, body, db, engine } = command;
  const { query, rest } = queryOf(command);
  const ns = `${db}.${String(body[name])}`;
  const collection = engine.catalog.get(ns);
  const parts = collection ? explained(command, collection, query, verbosity) : { winningPlan: { stage: 'EOF' } };
  const { winningPlan, executionStats } = parts as { winningPlan: Doc; executionStats?: Doc };
  const queryPlanner = {
    namespace: ns,
    parsedQuery: query.filter,
    indexFilterSet: false,
    winningPlan,
    rejectedPlans: [],
  };
  const plan = { queryPlanner, ...(executionStats ? { executionStats } : {}) };
  return {
    explainVersion: '1',
    ...(rest.length > 0 ? { stages: [{ $cursor: plan }, ...rest] } : plan),
    command: { ...body, $db: db },
    serverInfo: { host: 'localhost', version: VERSION },
    ok: 1,
  };
}

function queryOf(command: Command): Explained {
  const { name, body } = command;
  switch (name) {
    case 'find':
      return { query: findQuery(command), rest: [] };
    case 'count':
    case 'distinct':
      return { query: plainQuery(command), rest: [] };
    case 'aggregate':
      return pushDown(parsePipeline(command));
    case 'findAndModify': {
      const { query: filter, sort, hint } = body;
      const found = { find: body[name], filter: filter ?? {}, sort, hint, limit: 1, let: body['let'] };
      return { query: findQuery({ ...command, body: found }), rest: [] };
    }
    case 'update':
    case 'delete': {
      const [statement = {}] = (body[name === 'update' ? 'updates' : 'deletes'] ?? []) as Doc[];
      const { q, hint, multi, limit } = statement;
      const one = name === 'update' ? multi !== true : Number(limit) === 1;
      const query = { filter: (q ?? {}) as Doc, skip: 0, limit: one ? 1 : 0, ...sortAndHint(undefined, hint) };
      return { query: { ...query, ...withVariables(body) }, rest: [] };
    }
    default:
      throw new CommandError(59, `Explain failed due to unknown command: ${name}`);
  }
}

function explained({ name, engine }: Command, collection: Collection, query: Query, verbosity: unknown): Doc {
  const prepared = prepare(collection, query);
  const read = name === 'count' ? countPlan(prepared) : describe(prepared.plan, query);
  if (verbosity === 'queryPlanner') return { winningPlan: wrapped(name, read, 0) };
  const started = performance.now();
  const n =
    name === 'count' ? count(engine.store, collection, prepared) : [...run(engine.store, collection, prepared)].length;
  const winningPlan = wrapped(name, read, n);
  const executionStats = {
    executionSuccess: true,
    nReturned: winningPlan === read || name === 'findAndModify' ? n : 0,
    executionTimeMillis: Math.round(performance.now() - started),
    totalKeysExamined: prepared.stats.keys,
    totalDocsExamined: prepared.stats.docs,
    executionStages: winningPlan,
  };
  return { winningPlan, executionStats };
}

/** The stage on top of what reads: what a count, an update or a delete makes of `n` documents. */
function wrapped(name: string, inputStage: Doc, n: number): Doc {
  if (name === 'count') return { stage: 'COUNT', nCounted: n, inputStage };
  if (name === 'delete') return { stage: 'DELETE', nWouldDelete: n, inputStage };
  if (name === 'update' || name === 'findAndModify') return { stage: 'UPDATE', nMatched: n, inputStage };
  return inputStage;
}

/** A count whose index says everything reads no document, and that of a whole collection nothing at all. */
function countPlan({ plan, query }: Prepared): Doc {
  if (!plan.exact) return describe(plan, query);
  if (plan.kind === 'collection') return { stage: 'RECORD_STORE_FAST_COUNT' };
  const { inputStage } = access(plan);
  return { ...(inputStage as Doc), stage: 'COUNT_SCAN' };
}

function describe(plan: Plan, query: Query): Doc {
  const inMemory = query.sort.length > 0 && !plan.sorted;
  const read = { ...access(plan), ...(plan.exact ? {} : { filter: query.filter }) };
  const sortPattern = fromEntries(query.sort.map((s) => [s.path, s.descending ? -1 : 1]));
  const sorted = inMemory ? { stage: 'SORT', sortPattern, inputStage: read } : read;
  return query.limit > 0 ? { stage: 'LIMIT', limitAmount: query.limit, inputStage: sorted } : sorted;
}

function access(plan: Plan): Doc {
  const direction = plan.kind !== 'or' && plan.reverse ? 'backward' : 'forward';
  if (plan.kind === 'collection') return { stage: 'COLLSCAN', direction };
  if (plan.kind === 'or')
    return { stage: 'FETCH', inputStage: { stage: 'OR', inputStages: plan.branches.map(access) } };
  const { spec, multikey, unique, sparse } = plan.index;
  const about = {
    keyPattern: spec.key,
    indexName: spec.name,
    isMultiKey: multikey.size > 0,
    isUnique: unique,
    isSparse: sparse,
    isPartial: spec.partialFilterExpression !== undefined,
  };
  return { stage: 'FETCH', inputStage: { stage: 'IXSCAN', ...about, direction } };
}

const VERBOSITIES = ['queryPlanner', 'executionStats', 'allPlansExecution'];

function explain(command: Command): Doc {
  const inner = command.body['explain'];
  const verbosity = command.body['verbosity'] ?? 'allPlansExecution';
  if (!isDoc(inner)) throw failedToParse('explain command requires a nested object');
  if (!VERBOSITIES.includes(String(verbosity)))
    throw failedToParse("verbosity string must be one of {'queryPlanner', 'executionStats', 'allPlansExecution'}");
  const [name = ''] = Object.keys(inner);
  return explainCommand(
    { ...command, name: name === 'findandmodify' ? 'findAndModify' : name, body: inner },
    verbosity,
  );
}

export const EXPLAIN_COMMANDS: Record<string, CommandDefinition> = { explain: { fields: ['verbosity'], run: explain } };
