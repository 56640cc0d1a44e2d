import type { Context } from 'mingo';
import type { Iterator } from 'mingo/lazy';
import { Lazy } from 'mingo/lazy';
import * as mingoStages from 'mingo/operators/pipeline';
import type { Doc } from '../bson/types.ts';
import { isDoc } from '../bson/types.ts';
import { CommandError } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import { parseSort, sortBy } from '../query/sort.ts';
import { mingoContext } from './expression.ts';
import type { StageOptions } from './lookup.ts';
import { lookup } from './lookup.ts';
import { isSource } from './sources.ts';

/** mingo's stages, with matching, sorting and joining in MongoDB's order of types. */
export const pipelineContext: Context = mingoContext({
  $match(items: Iterator, filter: Doc, { variables, local }: StageOptions) {
    return items.filter(compileFilter(filter, { ...variables, ...local.variables }) as never);
  },
  $lookup: lookup,
  $sort(items: Iterator, spec: Doc) {
    const fields = parseSort(spec);
    return items.transform((docs) => Lazy(sortBy(docs as Doc[], fields, (doc) => doc)));
  },
});

/** The stages that write, last of a pipeline. */
export const isWriting = (stage: Doc | undefined): boolean =>
  stage !== undefined && ('$out' in stage || '$merge' in stage);

/** Refuses stages that are unknown or stand where they may not. */
export function checkStages(pipeline: readonly unknown[], nested = false): asserts pipeline is readonly Doc[] {
  for (const [i, stage] of pipeline.entries()) {
    if (!isDoc(stage) || Object.keys(stage).length !== 1)
      throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
    const [name = ''] = Object.keys(stage);
    if (name === '$changeStream')
      throw new CommandError(40573, 'The $changeStream stage is only supported on replica sets');
    if (!(name in mingoStages) && !isSource(name))
      throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
    if ((name === '$documents' || isSource(name)) && (i > 0 || nested))
      throw new CommandError(40602, `${name} is only valid as the first stage in a pipeline`);
    if (isWriting(stage) && (nested || i < pipeline.length - 1))
      throw new CommandError(nested ? 51047 : 40601, `${name} can only be the final stage in the pipeline`);
    const inner = stage[name];
    if (!isDoc(inner)) continue;
    if (name === '$facet')
      for (const branch of Object.values(inner)) if (Array.isArray(branch)) checkStages(branch, true);
    if (Array.isArray(inner['pipeline'])) checkStages(inner['pipeline'] as Doc[], name !== '$unionWith');
  }
}
