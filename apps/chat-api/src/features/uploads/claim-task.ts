import { isDuplicateKey } from '@parley/mongo';
import type { Clock } from '@parley/service-kit';
import type { Database } from '../../database.ts';

/** Whether it is this caller who does what one instance does for all, once in a while. It is not asked again until `everyMs` later. */
export type ClaimTask = (task: string, everyMs: number) => Promise<boolean>;

/** One document a task says when it was last begun; of those who ask at once, one gets to write it. */
export function createClaimTask(d: Pick<Database, 'tasks'> & { clock: Clock }): ClaimTask {
  return async (task, everyMs) => {
    const now = d.clock();
    const due = { _id: task, at: { $lte: new Date(now.getTime() - everyMs) } };
    try {
      await d.tasks.updateOne(due, { $set: { at: now } }, { upsert: true });
      return true;
    } catch (error) {
      // It is there, and not due.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  };
}
