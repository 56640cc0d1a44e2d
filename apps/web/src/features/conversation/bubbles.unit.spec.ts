// @vitest-environment node
import type { ClientMessageId } from '@parley/domain';
import { describe, expect, it } from 'vitest';
import type { MessageChange, Outgoing } from '@parley/chat-client';
import { CHAT, ME, messageOf, messagesOf, OTHER, uuid } from '@parley/chat-client/testing';
import { changedRun } from '../chats/changed-run.ts';
import { toBubbles } from './bubbles.ts';

const NOW = Date.UTC(2026, 0, 1, 12, 1);
const pending = (n: number, status: Outgoing['status'] = 'pending'): Outgoing => ({
  clientMessageId: uuid(n) as ClientMessageId,
  chatId: CHAT,
  text: `out ${n}`,
  createdAt: NOW,
  status,
});
const bubblesOf = (o: Partial<Parameters<typeof toBubbles>[0]>) =>
  toBubbles({ run: [], changes: {}, outgoing: [], me: ME, other: { delivered: 0, seen: 0 }, newFrom: null, ...o });

describe('bubbles', () => {
  it('wait where the message is to become another, and not for a reaction', () => {
    const changeOf = (seq: number, wish: MessageChange['wish'], status: MessageChange['status']): MessageChange[] => [
      { id: uuid(80 + seq), chatId: CHAT, messageId: messageOf(seq).id, wish, status },
    ];
    const changes = {
      [messageOf(2).id]: changeOf(2, { kind: 'edit', text: 'new' }, 'pending'),
      [messageOf(4).id]: changeOf(4, { kind: 'edit', text: 'refused' }, 'failed'),
      [messageOf(6).id]: changeOf(6, { kind: 'delete' }, 'pending'),
      [messageOf(5).id]: changeOf(5, { kind: 'reaction', emoji: '👍', on: true }, 'pending'),
    };
    const run = changedRun(messagesOf(1, 6), changes, ME);
    const bubbles = bubblesOf({ run, changes });
    expect(bubbles.map(({ tick }) => tick)).toEqual([null, 'pending', null, 'sent', null, 'pending']);
    expect(bubbles.map(({ text }) => text)).toEqual(['message 1', 'new', 'message 3', 'message 4', 'message 5', null]);
    expect(bubbles[4]?.message?.reactions).toEqual([{ emoji: '👍', userIds: [ME] }]);
    expect(changedRun(run, {}, ME)).toBe(run);
    const again = bubblesOf({ run: changedRun(messagesOf(1, 6), changes, ME), changes });
    expect(again.map(({ text }) => text)).toEqual(bubbles.map(({ text }) => text));
  });

  it('show how far each of one’s own has come', () => {
    const mine = [2, 4, 6].map((seq) => seq);
    const bubbles = bubblesOf({
      run: messagesOf(1, 6),
      outgoing: [pending(7), pending(8, 'failed')],
      other: { delivered: 4, seen: 2 },
    });
    expect(bubbles.filter((b) => b.message !== null && mine.includes(b.message.seq)).map((b) => b.tick)).toEqual([
      'seen',
      'delivered',
      'sent',
    ]);
    expect(bubbles.slice(-2).map((b) => b.tick)).toEqual(['pending', 'failed']);
    expect(bubbles[0]?.tick).toBeNull();
  });

  it('keep their key and show once when what was pending is stored', () => {
    const out = pending(50);
    const [before] = bubblesOf({ outgoing: [out] });
    const stored = messageOf(1, { senderId: ME, clientMessageId: out.clientMessageId });
    const after = bubblesOf({ run: [stored], outgoing: [out] });
    expect(after.map((b) => b.key)).toEqual([before?.key]);
  });

  it('form groups by author and pause', () => {
    const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 12, minutes)).toISOString();
    const said = (seq: number, senderId: typeof ME, minutes: number) =>
      messageOf(seq, { senderId, createdAt: at(minutes) });
    const bubbles = bubblesOf({
      run: [said(1, OTHER, 0), said(2, OTHER, 1), said(3, OTHER, 20), said(4, ME, 20)],
    });
    expect(bubbles.map((b) => [b.opens, b.closes])).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });

  it('mark days, and where the unread begins', () => {
    const nextDay = messageOf(2, { createdAt: '2026-01-03T12:00:00.000Z' });
    const bubbles = bubblesOf({ run: [messageOf(1), nextDay], newFrom: 2 });
    expect(bubbles.map((b) => b.startsDay)).toEqual([true, true]);
    expect(bubbles.map((b) => b.startsNew)).toEqual([false, true]);
  });

  it('say nothing of what was deleted', () => {
    const deleted = messageOf(1, { text: null, deletedAt: '2026-01-01T13:00:00.000Z' });
    expect(bubblesOf({ run: [deleted] })[0]?.text).toBeNull();
  });

  it('quote what they answer, as far as it is held, and while they are on their way', () => {
    const answer = messageOf(3, { replyToSeq: 1 });
    const further = messageOf(4, { replyToSeq: 0 });
    const [, , third, , out] = bubblesOf({
      run: [...messagesOf(1, 2), answer, further],
      outgoing: [{ ...pending(50), replyToSeq: 2 }],
    });
    expect([third?.quotedSeq, third?.quoted?.text]).toEqual([1, 'message 1']);
    expect([out?.quotedSeq, out?.quoted?.text]).toEqual([2, 'message 2']);
    const [alone] = bubblesOf({ run: [answer] });
    expect([alone?.quotedSeq, alone?.quoted]).toEqual([1, null]);
  });
});
