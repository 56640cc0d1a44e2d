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

const REFUSED: Record<string, CommandError> = {
  $changeStream: new CommandError(40573, 'The $changeStream stage is only supported on replica sets'),
  $out: new CommandError(238, '$out is not supported by this engine'),
  $merge: new CommandError(238, '$merge is not supported by this engine'),
};

/** mingo's stages, with matching and sorting in MongoDB's order of types. */
export const pipelineContext: Context = mingoContext({
  $match(items: Iterator, filter: Doc) {
    return items.filter(compileFilter(filter) as never);
  },
  $sort(items: Iterator, spec: Doc) {
    const fields = parseSort(spec);
    return items.transform((docs) => Lazy(sortBy(docs as Doc[], fields, (doc) => doc)));
  },
});

/** Refuses stages that are unknown or cannot be honoured, wherever they stand. */
export function checkStages(pipeline: readonly Doc[]): void {
  for (const [i, stage] of pipeline.entries()) {
    const name = Object.keys(stage)[0] ?? '';
    const refused = REFUSED[name];
    if (refused) throw refused;
    if (!(name in mingoStages)) throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
    if (name === '$documents' && i > 0)
      throw new CommandError(40602, '$documents is only valid as the first stage in a pipeline');
    const inner = stage[name];
    if (!isDoc(inner)) continue;
    if (name === '$facet')
      for (const branch of Object.values(inner)) if (Array.isArray(branch)) checkStages(branch as Doc[]);
    if (Array.isArray(inner['pipeline'])) checkStages(inner['pipeline'] as Doc[]);
  }
}
