import { Aggregator } from 'mingo/aggregator';
import { guarded, mingoContext, toMingo } from '../aggregate/expression.ts';
import { equal } from '../bson/compare.ts';
import type { Doc } from '../bson/types.ts';
import { entries, field, fromEntries, isDoc } from '../bson/types.ts';
import { CommandError, badValue, failedToParse } from '../errors.ts';
import { OPERATORS } from './operators.ts';
import type { UpdateContext } from './operators.ts';
import { clone } from './paths.ts';
import type { ArrayFilters } from './positional.ts';
import { concretePaths, parseArrayFilters } from './positional.ts';

/**
 * An update, compiled: gives the new document. It changes `doc` in place, within the top-level
 * fields of `touched`; where that is undefined it leaves `doc` alone and may change any field.
 */
export type Updater = {
  replaces: boolean;
  touched: ReadonlySet<string> | undefined;
  /** Whether each field stays where it is in the document, and new ones are added at the end. */
  keepsPlaces: boolean;
  apply(doc: Doc, context: UpdateContext, filter: Doc): Doc;
};

const PIPELINE_STAGES = ['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith'];

/** Compiles `u` of an update statement: operators, a replacement, or an aggregation pipeline. */
export function compileUpdate(
  update: unknown,
  options: { multi: boolean; arrayFilters?: unknown; variables?: Doc | undefined },
): Updater {
  const arrayFilters = parseArrayFilters(options.arrayFilters);
  if (Array.isArray(update)) return pipeline(update as Doc[], arrayFilters, options.variables ?? {});
  if (!isDoc(update)) throw failedToParse('Update argument must be either an object or an array');
  const [first] = Object.keys(update);
  if (first === undefined || !first.startsWith('$')) return replacement(update, options.multi, arrayFilters);
  return operators(update, arrayFilters);
}

function replacement(update: Doc, multi: boolean, arrayFilters: ArrayFilters): Updater {
  if (multi) throw failedToParse('multi update is not supported for replacement-style update');
  if (arrayFilters.size > 0) throw failedToParse('arrayFilters may not be specified for replacement-style updates');
  const dollar = Object.keys(update).find((key) => key.startsWith('$'));
  if (dollar)
    throw new CommandError(
      52,
      `The dollar ($) prefixed field '${dollar}' in '${dollar}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    );
  return {
    replaces: true,
    touched: undefined,
    keepsPlaces: false,
    apply(doc) {
      const { _id: given, ...rest } = clone(update);
      const id = field(doc, '_id');
      if (id === undefined) return given === undefined ? rest : { _id: given, ...rest };
      return { _id: given === undefined ? id : given, ...rest };
    },
  };
}

const context = mingoContext();

function pipeline(stages: Doc[], arrayFilters: ArrayFilters, variables: Doc): Updater {
  if (arrayFilters.size > 0) throw failedToParse('arrayFilters may not be specified for pipeline-syle updates');
  for (const stage of stages) {
    const name = Object.keys(stage)[0] ?? '';
    if (!PIPELINE_STAGES.includes(name))
      throw new CommandError(72, `${name} is not allowed to be used within an update`);
  }
  const aggregator = new Aggregator(
    stages.map((stage) => toMingo(stage) as Doc),
    { context, variables },
  );
  return {
    replaces: false,
    touched: undefined,
    keepsPlaces: false,
    apply(doc) {
      const { _id: given, ...rest } = guarded(() => aggregator.run<Doc>([toMingo(doc) as Doc]))[0] ?? {};
      const old = field(doc, '_id');
      const id = given === undefined || (old !== undefined && equal(given, old)) ? old : given;
      return id === undefined ? rest : { _id: id, ...rest };
    },
  };
}

type Step = { op: string; path: string; parts: string[]; arg: unknown };

function operators(update: Doc, arrayFilters: ArrayFilters): Updater {
  const steps: Step[] = [];
  for (const [op, fields] of Object.entries(update)) {
    if (!OPERATORS[op])
      throw failedToParse(
        `Unknown modifier: ${op}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    if (!isDoc(fields))
      throw failedToParse(
        `Modifiers operate on fields but we found type ${Array.isArray(fields) ? 'array' : typeof fields} instead. For example: {$mod: {<field>: ...}} not {${op}: ${String(fields)}}`,
      );
    for (const [path, arg] of entries(fields)) {
      steps.push({ op, path, parts: checkPath(path), arg });
      if (op === '$rename' && arg === path)
        throw badValue(`The source and target field for $rename must differ: ${path}: "${path}"`);
      if (op === '$rename' && typeof arg === 'string')
        steps.push({ op: 'reserved', path: arg, parts: checkPath(arg), arg });
    }
  }
  checkConflicts(steps);
  checkFiltersUsed(steps, arrayFilters);
  const ordered = steps.filter((s) => s.op !== 'reserved').sort((a, b) => comparePaths(a.parts, b.parts));
  return {
    replaces: false,
    touched: new Set(steps.map(({ parts }) => parts[0] ?? '')),
    keepsPlaces: !('$rename' in update),
    apply(doc, updateContext, filter) {
      for (const { op, parts, arg } of ordered) {
        const apply = OPERATORS[op];
        for (const concrete of concretePaths(doc, parts, arrayFilters, filter))
          apply?.(doc, concrete, arg, updateContext);
      }
      return doc;
    },
  };
}

function checkPath(path: string): string[] {
  const parts = path.split('.');
  if (path === '') throw new CommandError(56, 'An empty update path is not valid.');
  if (parts.includes(''))
    throw new CommandError(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
  return parts;
}

/** Two operators may not touch one path, nor a path and what lies below it. */
function checkConflicts(steps: readonly Step[]): void {
  const taken = new Set<string>();
  const parents = new Set<string>();
  for (const { path, parts } of steps) {
    const above = parts.map((_, i) => parts.slice(0, i + 1).join('.'));
    const conflict = above.find((p) => taken.has(p)) ?? (parents.has(path) ? path : undefined);
    if (conflict !== undefined)
      throw new CommandError(40, `Updating the path '${path}' would create a conflict at '${conflict}'`);
    taken.add(path);
    for (const p of above) parents.add(p);
  }
}

function checkFiltersUsed(steps: readonly Step[], arrayFilters: ArrayFilters): void {
  for (const name of arrayFilters.keys()) {
    if (!steps.some(({ parts }) => parts.includes(`$[${name}]`))) {
      throw failedToParse(`The array filter for identifier '${name}' was not used in the update`);
    }
  }
}

/** New fields are added in the order of their names; positions in the order of numbers. */
function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x = '', y = ''] = [a[i], b[i]];
    if (x === y) continue;
    const bothNumbers = /^\d+$/.test(x) && /^\d+$/.test(y);
    return bothNumbers ? Number(x) - Number(y) : x < y ? -1 : 1;
  }
  return a.length - b.length;
}

/** The document an upsert begins with: what the filter says the fields equal. */
export function upsertSeed(filter: Doc): Doc {
  const doc: Doc = {};
  const equalities = equalitiesOf(filter);
  if (!equalities.length) return doc;
  const updater = operators({ $set: fromEntries(equalities) }, new Map());
  return updater.apply(doc, { now: new Date(0), inserting: true, id: undefined }, {});
}

function equalitiesOf(filter: Doc): [string, unknown][] {
  return entries(filter).flatMap(([key, value]): [string, unknown][] => {
    if (key === '$and' && Array.isArray(value)) return value.flatMap((branch) => equalitiesOf(branch as Doc));
    if (key === '$or' && Array.isArray(value) && value.length === 1) return equalitiesOf(value[0] as Doc);
    if (key.startsWith('$')) return [];
    if (!isDoc(value) || !Object.keys(value)[0]?.startsWith('$')) return isRegExp(value) ? [] : [[key, value]];
    if ('$eq' in value) return [[key, value['$eq']]];
    const list = value['$in'];
    return Array.isArray(list) && list.length === 1 && Object.keys(value).length === 1 ? [[key, list[0]]] : [];
  });
}

const isRegExp = (v: unknown): boolean =>
  typeof v === 'object' && v !== null && '_bsontype' in v && v._bsontype === 'BSONRegExp';
