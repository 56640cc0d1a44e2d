import { decode } from '../bson/decode.ts';
import type { Doc } from '../bson/types.ts';
import { failedToParse } from '../errors.ts';
import { prepare, run } from '../query/find.ts';
import { compileFilter } from '../query/match.ts';
import { compileProjection } from '../query/project.ts';
import type { Command, CommandDefinition } from './command.ts';
import { boolField, collectionName, docField, refuseCollation, sortAndHint, withVariables } from './command.ts';
import { updateDocuments } from './update-statement.ts';

async function findAndModify(command: Command): Promise<Doc> {
  const { body, engine } = command;
  refuseCollation(body);
  const ns = collectionName(command);
  const filter = docField(command, 'query') ?? {};
  const project = compileProjection(docField(command, 'fields'), filter) ?? ((doc: Doc) => doc);
  const { sort, hint } = sortAndHint(docField(command, 'sort'), body['hint']);
  const variables = withVariables(body);
  const upsert = boolField(command, 'upsert');
  if (boolField(command, 'remove')) {
    if (body['update'] !== undefined) throw failedToParse('Cannot specify both an update and remove=true');
    if (upsert) throw failedToParse('Cannot specify both upsert=true and remove=true');
    if (boolField(command, 'new'))
      throw failedToParse("Cannot specify both new=true and remove=true; 'remove' always returns the deleted document");
    const removed = await engine.store.write(() => {
      const collection = engine.catalog.get(ns);
      if (!collection) return void compileFilter(filter, variables.variables);
      const query = { filter, sort, skip: 0, limit: 1, hint, ...variables };
      const [hit] = run(engine.store, collection, prepare(collection, query));
      if (!hit) return undefined;
      const doc = hit.doc ?? decode(hit.bytes);
      collection.remove(hit.record, doc, hit.bytes);
      return doc;
    });
    return { lastErrorObject: { n: removed ? 1 : 0 }, value: removed ? project(removed) : null, ok: 1 };
  }
  const { update } = body;
  if (update === undefined) throw failedToParse('Either an update or remove=true must be specified');
  const statement = {
    filter,
    update,
    multi: false,
    upsert,
    arrayFilters: body['arrayFilters'],
    hint,
    sort,
    ...variables,
  };
  const { matched, upserted, before, after } = await engine.store.write(() => updateDocuments(engine, ns, statement));
  const bytes = boolField(command, 'new') ? after : before;
  const chosen = bytes && decode(bytes);
  const lastErrorObject = {
    n: matched + (upserted ? 1 : 0),
    updatedExisting: matched > 0,
    ...(upserted ? { upserted: upserted.id } : {}),
  };
  return { lastErrorObject, value: chosen ? project(chosen) : null, ok: 1 };
}

const DEFINITION: CommandDefinition = {
  // prettier-ignore
  fields: [
    'query', 'sort', 'remove', 'update', 'new', 'fields', 'upsert', 'bypassDocumentValidation', 'collation', 'arrayFilters', 'hint', 'let',
  ],
  run: findAndModify,
};

export const FIND_AND_MODIFY_COMMANDS: Record<string, CommandDefinition> = {
  findAndModify: DEFINITION,
  findandmodify: DEFINITION,
};
