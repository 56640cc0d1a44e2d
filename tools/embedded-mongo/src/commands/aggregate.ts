import type { Pipeline } from '../aggregate/pipeline.ts';
import { aggregateDocuments } from '../aggregate/pipeline.ts';
import { checkStages, isWriting } from '../aggregate/stages.ts';
import { writeOut } from '../aggregate/write-out.ts';
import type { Doc } from '../bson/types.ts';
import { asNumber, isDoc, typeOf } from '../bson/types.ts';
import { failedToParse, wrongType } from '../errors.ts';
import type { Command, CommandDefinition } from './command.ts';
import { boolField, refuseCollation, withVariables } from './command.ts';
import { explainCommand } from './explain.ts';

/** Reads and checks the pipeline of an `aggregate` command. */
export function parsePipeline({ body, db }: Command): Pipeline {
  const { pipeline: stages, aggregate: target } = body;
  if (!Array.isArray(stages)) throw wrongType('aggregate.pipeline', typeOf(stages).name, 'array');
  refuseCollation(body);
  checkStages(stages as unknown[]);
  const name = typeof target === 'string' ? target : undefined;
  const session = isDoc(body['lsid']) ? { session: body['lsid'] } : {};
  return { db, name, stages: stages as Doc[], hint: body['hint'], ...withVariables(body), ...session };
}

async function aggregate(command: Command): Promise<Doc | Buffer> {
  const { body, db, engine } = command;
  if (boolField(command, 'explain')) return explainCommand(command, 'queryPlanner');
  const { cursor } = body;
  if (!isDoc(cursor))
    throw failedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
  const pipeline = parsePipeline(command);
  const ns = `${db}.${pipeline.name ?? '$cmd.aggregate'}`;
  const batchSize = asNumber(cursor['batchSize']);
  const last = pipeline.stages.at(-1);
  if (!last || !isWriting(last)) return engine.cursors.first(ns, aggregateDocuments(engine, pipeline), batchSize);
  const documents = [...aggregateDocuments(engine, { ...pipeline, stages: pipeline.stages.slice(0, -1) })];
  await writeOut(engine, db, last, documents);
  return engine.cursors.first(ns, [][Symbol.iterator](), batchSize);
}

export const AGGREGATE_COMMANDS: Record<string, CommandDefinition> = {
  aggregate: {
    fields: ['pipeline', 'cursor', 'explain', 'allowDiskUse', 'bypassDocumentValidation', 'collation', 'hint', 'let'],
    run: aggregate,
  },
};
