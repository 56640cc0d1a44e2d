import { Aggregator } from 'mingo/aggregator';
import type { Iterator } from 'mingo/lazy';
import { encodeKey } from '../bson/key.ts';
import type { Doc } from '../bson/types.ts';
import { entries, fromEntries } from '../bson/types.ts';
import { anyValue, valuesAt } from '../query/path.ts';
import { compileExpression } from './expression.ts';

/** What mingo hands to a stage. */
export type StageOptions = {
  options: { collectionResolver?: (name: string) => Doc[] };
  variables?: Doc;
  local: { variables?: Doc };
};

/**
 * `$lookup`. mingo's own joins by JavaScript's equality, takes numbers, documents and missing fields differently, and with a
 * pipeline forgets which documents were joined.
 */
export function lookup(items: Iterator, spec: Doc, { options, variables, local }: StageOptions): Iterator {
  const { from, localField, foreignField, as, pipeline = [] } = spec as Record<string, string> & { pipeline?: Doc[] };
  const outer = { ...variables, ...local.variables };
  const own = entries((spec['let'] ?? {}) as Doc).map(([name, e]) => [name, compileExpression(e, outer)] as const);
  const foreign = from === undefined ? [] : (options.collectionResolver?.(from) ?? []);
  const joined = localField === undefined ? () => foreign : byEquality(foreign, String(foreignField), localField);
  const join = (doc: Doc): Doc => {
    const found = joined(doc);
    const seen = { ...outer, ...fromEntries(own.map(([name, value]) => [name, value(doc)])) };
    const result = pipeline.length ? new Aggregator(pipeline, { ...options, variables: seen }).run(found) : found;
    return { ...doc, [String(as)]: result };
  };
  return items.map(join as never);
}

/** The documents whose field equals the local one; an array stands for its items, and missing is null. */
function byEquality(foreign: readonly Doc[], foreignField: string, localField: string): (doc: Doc) => Doc[] {
  const positions = new Map<string, Set<number>>();
  for (const [i, doc] of foreign.entries())
    anyValue(doc, foreignField.split('.'), true, (value) => {
      const key = keyText(value);
      positions.set(key, (positions.get(key) ?? new Set()).add(i));
      return false;
    });
  return (doc) => {
    const keys = new Set(valuesAt(doc, localField.split('.')).map(keyText));
    const found = new Set<number>([...keys].flatMap((key) => [...(positions.get(key) ?? [])]));
    return [...found].sort((a, b) => a - b).flatMap((i): Doc[] => (foreign[i] ? [foreign[i]] : []));
  };
}

const keyText = (value: unknown): string => encodeKey(value ?? null).toString('latin1');
