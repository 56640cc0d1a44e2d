import { createHash } from 'node:crypto';
import { Binary } from 'bson';
import type { Doc } from '../bson/types.ts';
import { isDoc } from '../bson/types.ts';
import type { Engine } from '../commands/command.ts';
import { collStatsStage, indexStatsStage } from '../commands/stats.ts';
import { CommandError } from '../errors.ts';
import type { Pipeline } from './pipeline.ts';

type Source = { database: boolean; documents(engine: Engine, ns: string, spec: Doc, session: Doc | undefined): Doc[] };

/** Stages that begin a pipeline with documents of the engine's own; of a collection or of a database (`aggregate: 1`). */
const SOURCES: Record<string, Source> = {
  $collStats: { database: false, documents: (engine, ns, spec) => [collStatsStage(engine, ns, spec)] },
  $indexStats: { database: false, documents: indexStatsStage },
  // Commands run one at a time: whoever asks is the only one there is. Sessions mean nothing here and aren't kept.
  $currentOp: { database: true, documents: () => [] },
  $listLocalSessions: {
    database: true,
    documents: (_engine, _ns, _spec, session) =>
      session ? [{ _id: { id: session['id'], uid: NOBODY }, lastUse: new Date() }] : [],
  },
};

/** The user of a session without authentication: the hash of no name. */
const NOBODY = new Binary(createHash('sha256').digest());

export const isSource = (stage: string): boolean => stage in SOURCES;

/** The documents a pipeline begins with, where its first stage says so. */
export function sourceDocuments(engine: Engine, { db, name, session }: Pipeline, first: Doc): Doc[] | undefined {
  const [stage = ''] = Object.keys(first);
  const source = SOURCES[stage];
  if (name === undefined && !source?.database && stage !== '$documents' && stage !== '$changeStream')
    throw new CommandError(73, `{aggregate: 1} is not valid for '${stage}'; a collection is required.`);
  if (!source) return undefined;
  if (source.database !== (name === undefined))
    throw new CommandError(73, `${stage} must be run against ${source.database ? 'a database' : 'a collection'}`);
  const spec = first[stage];
  if (!isDoc(spec)) throw new CommandError(9, `the ${stage} stage specification must be an object`);
  return source.documents(engine, name === undefined ? db : `${db}.${name}`, spec, session);
}
