import type { ChatHistory } from '../history.ts';
import type { Report } from './report.ts';

/** Nothing is left in the outbox, and the newest state of every message reached the broker at least once. */
export function checkTold({ stored, told, untold }: ChatHistory, report: Report): void {
  if (untold > 0) report('the outbox drains', `${untold} entries are still there`);
  for (const { id, seq, rev } of stored) {
    if (!told.has(`${id}:${rev}`))
      report('everything is told', `seq ${seq}, rev ${rev}, ${id} never reached the broker`);
  }
}
