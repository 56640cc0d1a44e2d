import type { Doc } from '../bson/types.ts';
import { isDoc } from '../bson/types.ts';
import { pushDown } from '../aggregate/pipeline.ts';
import { CommandError, failedToParse } from '../errors.ts';
import type { Query } from '../query/find.ts';
import { prepare, run } from '../query/find.ts';
import type { Plan } from '../query/plan.ts';
import type { Command, CommandDefinition } from './command.ts';
import { VERSION } from './handshake.ts';
import { findQuery } from './read.ts';

/** Plans a read command and, unless only the plan is asked for, runs it and counts what it examined. */
function explain(command: Command): Doc {
  const inner = command.body['explain'];
  const verbosity = command.body['verbosity'] ?? 'allPlansExecution';
  if (!isDoc(inner)) throw failedToParse('explain command requires a nested object');
  const [name = ''] = Object.keys(inner);
  const query = queryOf({ ...command, name, body: inner });
  const ns = `${command.db}.${String(inner[name])}`;
  const { catalog, store } = command.engine;
  const collection = catalog.get(ns);
  const queryPlanner = { namespace: ns, parsedQuery: query.filter, indexFilterSet: false };
  const about = { serverInfo: { version: VERSION }, command: inner, ok: 1 };
  if (!collection)
    return { explainVersion: '1', queryPlanner: { ...queryPlanner, winningPlan: { stage: 'EOF' } }, ...about };
  const started = performance.now();
  const prepared = prepare(collection, query);
  const winningPlan = describe(prepared.plan, query);
  const planned = { explainVersion: '1', queryPlanner: { ...queryPlanner, winningPlan, rejectedPlans: [] } };
  if (verbosity === 'queryPlanner') return { ...planned, ...about };
  const nReturned = [...run(store, collection, prepared)].length;
  const { keys, docs } = prepared.stats;
  const executionTimeMillis = Math.round(performance.now() - started);
  const executionStats = {
    executionSuccess: true,
    nReturned,
    executionTimeMillis,
    totalKeysExamined: keys,
    totalDocsExamined: docs,
    executionStages: winningPlan,
  };
  return { ...planned, executionStats, ...about };
}

function queryOf(command: Command): Query {
  const { name, body } = command;
  switch (name) {
    case 'find':
      return findQuery(command);
    case 'count':
    case 'distinct':
      return { filter: (body['query'] ?? {}) as Doc, sort: [], skip: 0, limit: 0, hint: body['hint'] };
    case 'aggregate':
      return pushDown((body['pipeline'] ?? []) as Doc[], body['hint']).query;
    case 'findAndModify':
      return findQuery({
        ...command,
        body: { find: body[name], filter: body['query'] ?? {}, sort: body['sort'], hint: body['hint'], limit: 1 },
      });
    case 'update':
    case 'delete': {
      const [statement] = (body[name === 'update' ? 'updates' : 'deletes'] ?? []) as Doc[];
      return { filter: (statement?.['q'] ?? {}) as Doc, sort: [], skip: 0, limit: 0, hint: statement?.['hint'] };
    }
    default:
      throw new CommandError(59, `Explain failed due to unknown command: ${name}`);
  }
}

function describe(plan: Plan, query: Query): Doc {
  const inMemory = query.sort.length > 0 && !plan.sorted;
  const read = { ...access(plan), ...(plan.exact ? {} : { filter: query.filter }) };
  const sorted = inMemory
    ? {
        stage: 'SORT',
        sortPattern: Object.fromEntries(query.sort.map((s) => [s.path, s.descending ? -1 : 1])),
        inputStage: read,
      }
    : read;
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

export const EXPLAIN_COMMANDS: Record<string, CommandDefinition> = { explain: { fields: ['verbosity'], run: explain } };
