import type { ChatHistory } from '../history.ts';
import type { Report } from './report.ts';

/** `seq` is 1..n without holes, no `rev` and no `clientMessageId` is there twice, and lists show the right end. */
export function checkOrder({ stored, listed }: ChatHistory, report: Report): void {
  stored.forEach(({ seq, id }, index) => {
    if (seq !== index + 1) report('seq is dense', `at place ${index + 1} is seq ${seq}, ${id}`);
  });
  const revs = new Map<number, string>();
  const sent = new Map<string, string>();
  for (const { id, rev, senderId, clientMessageId } of stored) {
    const other = revs.get(rev);
    if (other !== undefined) report('rev is unique', `rev ${rev} has ${other} and ${id}`);
    revs.set(rev, id);
    const key = `${senderId} ${clientMessageId}`;
    const twin = sent.get(key);
    if (twin !== undefined) report('nothing twice', `${clientMessageId} is ${twin} and ${id}`);
    sent.set(key, id);
  }
  const end = { seq: stored.at(-1)?.seq ?? 0, rev: Math.max(0, ...revs.keys()) };
  if (listed.seq !== end.seq || listed.rev !== end.rev) {
    report('lists show the end', `the list says ${JSON.stringify(listed)}, the messages ${JSON.stringify(end)}`);
  }
}
