import type { Doc } from '../bson/types.ts';
import { isDoc, typeOf } from '../bson/types.ts';
import { CommandError, failedToParse, wrongType } from '../errors.ts';
import { aggregateDocuments } from '../aggregate/pipeline.ts';
import type { Command, CommandDefinition } from './command.ts';
import { asNumber } from '../bson/types.ts';
import { refuseOptions } from './command.ts';

function aggregate(command: Command): Buffer {
  const { body, db, engine } = command;
  const target = body['aggregate'];
  const { pipeline, cursor } = body;
  if (!Array.isArray(pipeline)) throw wrongType('aggregate.pipeline', typeOf(pipeline).name, 'array');
  if (!isDoc(cursor))
    throw failedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
  refuseOptions(body);
  for (const stage of pipeline as unknown[]) {
    if (!isDoc(stage) || Object.keys(stage).length !== 1)
      throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  const name = typeof target === 'string' ? target : '$cmd.aggregate';
  const documents = aggregateDocuments(
    engine,
    db,
    typeof target === 'string' ? target : undefined,
    pipeline as Doc[],
    body['hint'],
  );
  return engine.cursors.first(`${db}.${name}`, documents, asNumber(cursor['batchSize']));
}

export const AGGREGATE_COMMANDS: Record<string, CommandDefinition> = {
  aggregate: {
    fields: ['pipeline', 'cursor', 'explain', 'allowDiskUse', 'bypassDocumentValidation', 'collation', 'hint', 'let'],
    run: aggregate,
  },
};
