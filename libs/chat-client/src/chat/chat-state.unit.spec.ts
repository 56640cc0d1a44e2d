import type { MarksById } from '@parley/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../ledger/sha256.ts';
import { marksOf, mergeMarks, newChat, type ChatState } from './chat-state.ts';
import { chatOf, headOf, ME, messageOf, messagesOf, OTHER } from './fixtures.fixture.ts';
import { step, type ChatHeard } from './step.ts';
import { firstSeqOf, hasOlder, shownRun } from './timeline.ts';

const marks = (member: string, seq: number): ChatHeard => ({
  type: 'marks',
  marks: { [member]: { delivered: seq, seen: seq } },
});
const listed = (...args: Parameters<typeof chatOf>): ChatHeard => ({ type: 'listed', chat: chatOf(...args) });
const page = (at: 'newest' | 'next' | 'jump', from: number, to: number, head = to): ChatHeard => ({
  type: 'page',
  at,
  messages: messagesOf(from, to),
  head: headOf(head),
});
const pushed = (...args: Parameters<typeof messageOf>): ChatHeard => ({ type: 'message', message: messageOf(...args) });
const after = (...heard: ChatHeard[]): ChatState =>
  heard.reduce((chat, one) => step(chat, one, { me: ME, sha256 }).chat, newChat(chatOf(0)));
const seqs = (chat: ChatState) => shownRun(chat.timeline).map((message) => message.seq);

describe('chat state', () => {
  it('counts what the other one writes, and nothing twice', () => {
    const chat = after(listed(2), pushed(3), pushed(3), pushed(5), pushed(4), pushed(5));
    expect([chat.unread, chat.lastMessage?.seq]).toEqual([2, 5]);
    expect(after(listed(2), pushed(4)).unread).toBe(0);
  });

  it('has nothing unread once everything was seen, here or on another device', () => {
    expect(after(listed(3, { unread: 3 }), marks(ME, 3)).unread).toBe(0);
    expect(after(listed(3, { unread: 3 }), marks(OTHER, 3)).unread).toBe(3);
  });

  it('derives the count from messages and marks where it holds them, deletions included', () => {
    const loaded = [listed(6, { unread: 99 }), page('newest', 1, 6)];
    expect(after(...loaded).unread).toBe(3);
    expect(after(...loaded, marks(ME, 3)).unread).toBe(1);
    expect(after(...loaded, pushed(5, { rev: 7, text: null, deletedAt: '2026-01-02T12:00:00.000Z' })).unread).toBe(2);
  });

  it('does not go back when an older answer comes late', () => {
    const chat = after(listed(4), pushed(5), listed(4));
    expect([chat.lastSeq, chat.lastMessage?.seq, chat.unread]).toEqual([5, 5, 1]);
  });

  it('shows a change of the last message in the list, though no history is held', () => {
    const edit = pushed(4, { rev: 5, text: 'other', editedAt: '2026-01-02T12:00:00.000Z' });
    expect(after(listed(4), edit, listed(4)).lastMessage?.text).toBe('other');
  });

  it('opens a second run where somebody jumps, and joins it to the first when they meet', () => {
    const jumped = after(page('newest', 91, 100), page('jump', 11, 20, 100));
    expect(seqs(jumped)).toEqual(messagesOf(11, 20).map((m) => m.seq));
    expect(firstSeqOf(jumped.timeline)).toBe(91);
    expect(hasOlder(jumped.timeline)).toBe(true);
    const further = after(page('newest', 91, 100), page('jump', 71, 80, 100), page('next', 81, 90, 100));
    expect([further.timeline.window, seqs(further)[0], seqs(further).length]).toEqual([null, 71, 30]);
    const closed = after(page('newest', 91, 100), page('jump', 11, 20, 100), { type: 'window closed' });
    expect(seqs(closed)[0]).toBe(91);
  });

  it('follows changes and new messages also while somebody looks further back', () => {
    const edited = pushed(15, { rev: 101, text: 'other', editedAt: '2026-01-02T12:00:00.000Z' });
    const next = { type: 'message', message: messageOf(101, { rev: 102 }) } as const;
    const chat = after(page('newest', 91, 100), page('jump', 11, 20, 100), edited, next);
    expect(shownRun(chat.timeline)[4]?.text).toBe('other');
    expect(chat.timeline.messages.at(-1)?.seq).toBe(101);
    expect(chat.revisions.cursor).toBe(102);
  });

  it('stays the same object when nothing is new', () => {
    const chat = after(page('newest', 1, 6), marks(OTHER, 4));
    for (const heard of [pushed(3), marks(OTHER, 2), page('newest', 4, 6)]) {
      expect(step(chat, heard, { me: ME, sha256 }).chat.timeline).toBe(chat.timeline);
    }
    expect(step(chat, marks(OTHER, 2), { me: ME, sha256 }).chat).toBe(chat);
  });

  it('merges marks to the same result in any order', () => {
    const report = fc.record({
      member: fc.constantFrom(ME, OTHER),
      mark: fc.record({ delivered: fc.nat(20), seen: fc.nat(20) }),
    });
    fc.assert(
      fc.property(fc.array(report), fc.func(fc.nat()), (reports, key) => {
        const merge = (list: typeof reports) =>
          list.reduce<MarksById>((held, { member, mark }) => mergeMarks(held, { [member]: mark }), {});
        const shuffled = [...reports].sort((a, b) => key(a.mark) - key(b.mark));
        expect(merge(shuffled)).toEqual(merge([...reports, ...reports]));
      }),
    );
  });

  it('names marks of zero for a member nothing is known of', () => {
    expect(marksOf(after(listed(0, { marks: {} })), OTHER)).toEqual({ delivered: 0, seen: 0 });
  });
});
