import { messageAt, type Run } from '../chat/runs.ts';
import type { LedgerProblem } from './check.ts';

/** What has been found wrong with a chat's hash chain; empty as it should be. What is held was checked when it came. */
export type Ledger = { readonly problems: readonly LedgerProblem[] };

export const SOUND_LEDGER: Ledger = { problems: [] };

/** As many as anybody will read: one is enough to distrust a server. */
const PROBLEMS_MAX = 100;

/** `ledger` with what is new among `found`, and that alone; each place is told of once. */
export function withProblems(
  ledger: Ledger,
  found: readonly LedgerProblem[],
): { ledger: Ledger; added: readonly LedgerProblem[] } {
  if (found.length === 0) return { ledger, added: [] };
  const keyOf = ({ kind, seq }: LedgerProblem) => `${kind} ${seq}`;
  const held = new Set(ledger.problems.map(keyOf));
  const added: LedgerProblem[] = [];
  for (const problem of found) {
    if (held.has(keyOf(problem)) || held.size >= PROBLEMS_MAX) continue;
    held.add(keyOf(problem));
    added.push(problem);
  }
  return added.length === 0 ? { ledger, added } : { ledger: { problems: [...ledger.problems, ...added] }, added };
}

/** Whether somebody else's word about the hash at `seq` is that of what is held; where nothing is held there, it cannot be compared. */
export function contradicts(run: Run, seq: number, hash: string): boolean {
  const held = messageAt(run, seq);
  return held !== undefined && held.hash !== hash;
}
