// @vitest-environment node
import type { MarksById } from '@parley/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromServer, marksOf, mergeMarks, receive, receiveMarks, receivePage } from './chat-state.ts';
import { chatOf, ME, messageOf, messagesOf, OTHER } from './fixtures.fixture.ts';

const seenBy = (member: string, seq: number): MarksById => ({ [member]: { delivered: seq, seen: seq } });

describe('chat state', () => {
  it('counts what the other one writes, and nothing twice', () => {
    let chat = fromServer(undefined, chatOf(2), ME);
    for (const seq of [3, 3, 5, 4, 5]) chat = receive(chat, messageOf(seq, { senderId: OTHER }), ME);
    expect(chat.unread).toBe(2);
    expect(chat.lastMessage?.seq).toBe(5);
    expect(receive(chat, messageOf(6, { senderId: ME }), ME).unread).toBe(2);
  });

  it('has nothing unread once everything was seen, here or on another device', () => {
    const chat = fromServer(undefined, chatOf(3, { unread: 3 }), ME);
    expect(receiveMarks(chat, seenBy(ME, 3), ME).unread).toBe(0);
    expect(receiveMarks(chat, seenBy(OTHER, 3), ME).unread).toBe(3);
  });

  it('derives the count from messages and marks where it holds them', () => {
    const listed = fromServer(undefined, chatOf(6, { unread: 99 }), ME);
    const loaded = receivePage(listed, { messages: messagesOf(1, 6), head: { seq: 6 } }, ME);
    expect(loaded.unread).toBe(3);
    expect(receiveMarks(loaded, seenBy(ME, 3), ME).unread).toBe(1);
  });

  it('does not go back when an older answer comes late', () => {
    const chat = receive(fromServer(undefined, chatOf(4), ME), messageOf(5), ME);
    const late = fromServer(chat, chatOf(4, { unread: 0 }), ME);
    expect(late.lastSeq).toBe(5);
    expect(late.lastMessage?.seq).toBe(5);
    expect(late.unread).toBe(1);
  });

  it('merges marks to the same result in any order', () => {
    const mark = fc.record({ delivered: fc.nat(20), seen: fc.nat(20) });
    const report = fc.record({ member: fc.constantFrom(ME, OTHER), mark });
    fc.assert(
      fc.property(fc.array(report), fc.func(fc.nat()), (reports, key) => {
        const merge = (list: typeof reports) =>
          list.reduce<MarksById>((marks, { member, mark: m }) => mergeMarks(marks, { [member]: m }), {});
        const shuffled = [...reports].sort((a, b) => key(a.mark) - key(b.mark));
        expect(merge(shuffled)).toEqual(merge([...reports, ...reports]));
      }),
    );
  });

  it('names marks of zero for a member nothing is known of', () => {
    expect(marksOf(fromServer(undefined, chatOf(0, { marks: {} }), ME), OTHER)).toEqual({ delivered: 0, seen: 0 });
  });
});
