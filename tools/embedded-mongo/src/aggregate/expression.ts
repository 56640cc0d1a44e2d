import { Double } from 'bson';
import { Context } from 'mingo';
import * as accumulators from 'mingo/operators/accumulator';
import * as expressions from 'mingo/operators/expression';
import * as pipelineStages from 'mingo/operators/pipeline';
import * as projections from 'mingo/operators/projection';
import * as windows from 'mingo/operators/window';
import { compare } from '../bson/compare.ts';
import type { Doc } from '../bson/types.ts';
import { entries, fromEntries, isDoc, typeOf } from '../bson/types.ts';
import { CommandError, wrongType } from '../errors.ts';

type ExpressionOperator = (doc: unknown, args: unknown, options: never) => unknown;

const evaluateArgument = (expressions as unknown as { $let: ExpressionOperator }).$let;

/** mingo compares arrays by their items and types loosely; MongoDB's expressions compare by the order of types. */
function comparison(result: (order: number) => unknown): ExpressionOperator {
  return (doc, args, options) => {
    if (!Array.isArray(args) || args.length !== 2)
      throw new CommandError(16020, 'Expression takes exactly 2 arguments.');
    const [a, b] = args.map((arg: unknown) => evaluateArgument(doc, { vars: {}, in: arg }, options));
    if (a === undefined || b === undefined) return result(Number(a !== undefined) - Number(b !== undefined) || 0);
    return result(compare(a, b));
  };
}

const COMPARISONS = {
  $cmp: comparison((order) => order),
  $eq: comparison((order) => order === 0),
  $ne: comparison((order) => order !== 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
};

/** The mingo operators an aggregation may use, with `stages` in place of its own; `$where`, `$function` and `$accumulator` run code and stay out. */
export function mingoContext(stages: Record<string, unknown> = {}): Context {
  const { $function: _function, ...safeExpressions } = expressions as typeof expressions & { $function?: unknown };
  const { $accumulator: _accumulator, ...safeAccumulators } = accumulators as typeof accumulators & {
    $accumulator?: unknown;
  };
  return Context.init({
    accumulator: safeAccumulators as never,
    expression: { ...safeExpressions, ...COMPARISONS } as never,
    pipeline: { ...pipelineStages, ...stages } as never,
    projection: projections as never,
    window: windows as never,
  });
}

const context = mingoContext();

/** mingo knows JavaScript numbers only: whole doubles and int64 within 2^53 become such. */
export function toMingo(value: unknown): unknown {
  if (typeof value === 'bigint') return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
  if (value instanceof Double) return value.value;
  if (Array.isArray(value)) return value.map(toMingo);
  if (!isDoc(value)) return value;
  const out: Doc = {};
  for (const [key, item] of entries(value)) out[key] = toMingo(item);
  return out;
}

/** Runs an operation of mingo and gives its failures a MongoDB error, whose text is mingo's own. */
export function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new CommandError(/undefined variable/.test(message) ? 17276 : 2, message);
  }
}

/** Compiles an aggregation expression; what it gives is of mingo's kinds. */
export function compileExpression(expression: unknown, variables?: Doc): (doc: Doc) => unknown {
  const given = { vars: {}, in: toMingo(expression) };
  const options = { context, ...(variables ? { variables } : {}) };
  return (doc) => guarded(() => evaluateArgument(toMingo(doc), given, options as never));
}

/** The variables of a command's `let`: expressions that see no document. */
export function parseVariables(given: unknown): Doc | undefined {
  if (given === undefined) return undefined;
  if (!isDoc(given)) throw wrongType('let', typeOf(given).name, 'object');
  return fromEntries(entries(given).map(([name, expression]) => [name, compileExpression(expression)({})]));
}
