import type { Db, Document, Filter, UpdateFilter, WriteConcern } from 'mongodb';

/** One update of at most one document. */
export type Update<T> = { filter: Filter<T>; update: UpdateFilter<T> };

/**
 * Runs many updates of one collection as one command, unordered: each stands for itself. The driver's `bulkWrite` does the same at several
 * times the cost an update.
 *
 * @throws when the command failed, when one of the updates did, or when they are written but not as safe as was asked for
 */
export async function updateEach<T>(
  db: Db,
  collection: string,
  updates: readonly Update<T>[],
  concern: { w: WriteConcern['w']; journal?: boolean } = { w: 1 },
): Promise<void> {
  const reply = await db.command({
    update: collection,
    updates: updates.map(({ filter, update }) => ({ q: filter as Document, u: update })),
    ordered: false,
    writeConcern: { w: concern.w, ...(concern.journal === undefined ? {} : { j: concern.journal }) },
  });
  const failures = [reply['writeConcernError'], ...((reply['writeErrors'] ?? []) as unknown[])].filter(Boolean);
  if (failures.length > 0)
    throw new Error(`${failures.length} of ${updates.length} updates failed: ${JSON.stringify(failures[0])}`);
}
