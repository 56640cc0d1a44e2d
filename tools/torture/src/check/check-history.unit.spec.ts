import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.ts';
import { ADA, BOB, wholeHistory, type WritableHistory } from './history.fixture.ts';

type Broken = WritableHistory;

/** The rules that are found broken after one thing was done to a history in which nothing is. */
function rulesBrokenBy(breakIt: (history: Broken) => void): string[] {
  const history = wholeHistory();
  breakIt(history);
  return [...new Set(checkHistory(history).map(({ rule }) => rule))].sort();
}

/** Takes a message out of everything that was read afterwards, as if it had never been written. */
function forget(history: Broken, seq: number): void {
  history.stored.splice(seq - 1, 1);
  for (const { messages } of [...history.fresh, ...history.views]) messages.splice(seq - 1, 1);
  for (const { shown } of history.views) shown.splice(seq - 1, 1);
}

describe('the check', () => {
  it('finds nothing where nothing is broken', () => {
    expect(rulesBrokenBy(() => undefined)).toEqual([]);
  });

  it.each<[string, (history: Broken) => void, string[]]>([
    [
      'acknowledged before the insert, and lost',
      (h) => forget(h, 5),
      ['acknowledged is stored', 'lists show the end', 'receipts are possible'],
    ],
    [
      'lost in the middle',
      (h) => forget(h, 3),
      ['acknowledged is stored', 'hashes chain', 'receipts are possible', 'seq is dense'],
    ],
    [
      'another text than was acknowledged',
      (h) => (h.stored[4]!.text = 'other'),
      ['a fetch shows what is stored', 'acknowledged is stored'],
    ],
    ['another seq than was acknowledged', (h) => (h.acknowledged[4]!.seq = 4), ['acknowledged is stored']],
    [
      'an edit that is gone',
      (h) => (h.stored[1]!.rev = 2),
      ['a fetch shows what is stored', 'acknowledged is stored', 'everything is told'],
    ],
    [
      'a deletion that is gone',
      (h) => (h.stored[3]!.deletedAt = null),
      ['a fetch shows what is stored', 'acknowledged is stored', 'deleted stays deleted'],
    ],
    [
      'one send answered as two messages',
      (h) => (h.acknowledged[4]!.clientMessageId = h.acknowledged[2]!.clientMessageId),
      ['acknowledged is stored', 'nothing twice'],
    ],
    ['a message that nobody sent', (h) => h.attempts.pop(), ['nothing is invented']],
    ['a body that nobody sent', (h) => (h.attempts[4]!.text = 'other'), ['stored as sent']],
    [
      'a duplicate insert on retry',
      (h) => (h.stored[4]!.clientMessageId = h.stored[2]!.clientMessageId),
      ['a fetch shows what is stored', 'acknowledged is stored', 'hashes chain', 'nothing twice', 'stored as sent'],
    ],
    [
      'two changes with one rev',
      (h) => (h.stored[0]!.rev = 3),
      ['a fetch shows what is stored', 'everything is told', 'rev is unique'],
    ],
    [
      'a hole in seq',
      (h) => (h.stored[4]!.seq = 6),
      ['a fetch shows what is stored', 'acknowledged is stored', 'hashes chain', 'lists show the end', 'seq is dense'],
    ],
    [
      'a link of the ledger that was changed',
      (h) => (h.stored[2]!.prevHash = 'f'.repeat(64)),
      ['a fetch shows what is stored', 'acknowledged is stored', 'hashes chain'],
    ],
    ['a relay that forgets to publish', (h) => h.told.delete('message-4:7'), ['everything is told']],
    ['a relay that clears nothing', (h) => (h.untold = 1), ['the outbox drains']],
    ['a list that stayed behind', (h) => (h.listed.rev = 6), ['lists show the end']],
    [
      'a device that missed the last push',
      (h) => h.views[0]!.messages.pop() && h.views[0]!.shown.pop(),
      ['devices show what a fetch shows'],
    ],
    [
      'a device that missed an edit',
      (h) => (h.views[2]!.messages[1]!.text = 'text 2'),
      ['devices show what a fetch shows'],
    ],
    ['a device in another order', (h) => h.views[1]!.shown.reverse(), ['shown in order']],
    ['a device that showed one twice', (h) => h.views[1]!.shown.push('message-5'), ['shown in order', 'shown once']],
    [
      'a fetch that shows only one member everything',
      (h) => h.fresh[1]!.messages.pop(),
      ['a fetch shows what is stored', 'members see the same'],
    ],
    [
      'reactions that differ between members',
      (h) => (h.fresh[1]!.messages[0]!.reactions = [{ emoji: '👍', userIds: [ADA] }]),
      ['members see the same'],
    ],
    ['a watermark that fell', (h) => (h.acknowledgedMarks[BOB]!.seen = 5), ['receipts never fall']],
    [
      'a watermark beyond the end',
      (h) => (h.storedMarks[ADA]!.delivered = 6),
      ['devices show the receipts', 'receipts are possible'],
    ],
    ['a device with a stale tick', (h) => (h.views[2]!.marks[ADA]!.seen = 3), ['devices show the receipts']],
  ])('finds %s', (_, breakIt, rules) => {
    expect(rulesBrokenBy(breakIt)).toEqual(rules);
  });

  it('says where, and doesn’t say it a thousand times', () => {
    const history = wholeHistory();
    history.told.clear();
    const violations = checkHistory(history);
    expect(violations).toHaveLength(4);
    expect(violations[0]).toEqual({
      rule: 'everything is told',
      chatId: 'chat',
      evidence: 'seq 1, rev 1, message-1 never reached the broker',
    });
    expect(violations[3]!.evidence).toBe('and 2 more');
  });
});
