import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatOf, headOf, ME, messageOf, messagesOf, OTHER } from '../chat/fixtures.fixture.ts';
import { newChat } from '../chat/chat-state.ts';
import { step, type ChatHeard } from '../chat/step.ts';
import { checkMessage, checkRun } from './check.ts';
import { sha256 } from './sha256.ts';

const HASH = 'f'.repeat(64);
const page: ChatHeard = { type: 'page', at: 'newest', messages: messagesOf(1, 6), head: headOf(6) };
/** What is found wrong when this is heard, one after the other. */
function problemsOf(...heard: ChatHeard[]) {
  let chat = newChat(chatOf(0));
  for (const one of heard) chat = step(chat, one, { me: ME, sha256 }).chat;
  return chat.ledger.problems;
}

describe('ledger', () => {
  it('hashes as everybody does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'));
      }),
      { numRuns: 50 },
    );
  });

  it('finds nothing wrong with a chain, with an edit, a deletion or a reaction in it', () => {
    const edited = messageOf(3, { rev: 7, text: 'other', editedAt: '2026-01-02T12:00:00.000Z' });
    const deleted = messageOf(4, { rev: 8, text: null, deletedAt: '2026-01-02T12:00:00.000Z' });
    const reacted = messageOf(5, { rev: 9, reactions: [{ emoji: '👍', userIds: [ME] }] });
    const changes = [edited, deleted, reacted].map((message) => ({ type: 'message', message }) as const);
    expect(problemsOf(page, ...changes)).toEqual([]);
    expect(checkRun([], messagesOf(1, 200), sha256)).toEqual([]);
  });

  it('finds another text, another author, another time', () => {
    expect(checkMessage(messageOf(3, { text: 'never said' }), sha256)).toEqual([{ kind: 'body', seq: 3 }]);
    expect(checkMessage(messageOf(3, { replyToSeq: 1 }), sha256)).toEqual([{ kind: 'body', seq: 3 }]);
    expect(checkMessage(messageOf(3, { senderId: ME }), sha256)).toEqual([{ kind: 'hash', seq: 3 }]);
    expect(checkMessage(messageOf(3, { createdAt: '2020-01-01T12:00:00.000Z' }), sha256)).toHaveLength(1);
    expect(checkMessage(messageOf(1, { prevHash: HASH }), sha256)).toContainEqual({ kind: 'link', seq: 1 });
  });

  it('finds a message that another has taken the place of, wherever it comes', () => {
    const forged = { ...messageOf(3), ...forgery(3) };
    expect(problemsOf({ ...page, messages: messagesOf(1, 6).with(2, forged) })).toEqual([{ kind: 'link', seq: 4 }]);
    expect(problemsOf(page, { type: 'message', message: { ...forged, rev: 99 } })).toContainEqual({
      kind: 'changed',
      seq: 3,
    });
  });

  it('finds a head, a receipt or a hole that contradicts what is held', () => {
    const marks = {};
    expect(problemsOf(page, { type: 'head', head: { ...headOf(6), hash: HASH }, marks })).toEqual([
      { kind: 'head', seq: 6 },
    ]);
    const receipt = { type: 'receipt', kind: 'seen', userId: OTHER, seq: 4 } as const;
    expect(problemsOf(page, { ...receipt, hash: messageOf(4).hash })).toEqual([]);
    expect(problemsOf(page, { ...receipt, hash: HASH })).toEqual([{ kind: 'receipt', seq: 4 }]);
    const jumped: ChatHeard = {
      type: 'synced',
      from: 6,
      messages: [messageOf(9)],
      hasMore: false,
      head: headOf(9),
      marks,
    };
    expect(problemsOf(page, jumped)).toEqual([{ kind: 'missing', seq: 7 }]);
  });

  it('tells of each place once', () => {
    const head = { type: 'head', head: { ...headOf(6), hash: HASH }, marks: {} } as const;
    const chat = step(newChat(chatOf(0)), page, { me: ME, sha256 }).chat;
    const first = step(chat, head, { me: ME, sha256 });
    expect(first.effects).toEqual([{ divergence: { kind: 'head', seq: 6 } }]);
    expect(step(first.chat, head, { me: ME, sha256 }).effects).toEqual([]);
  });
});

/** A message at `seq` that is sound in itself, only not the one that was there. */
function forgery(seq: number) {
  const { prevHash, chatId, senderId, clientMessageId, createdAt } = messageOf(seq);
  const bodyHash = sha256(JSON.stringify(['forged', null, null]));
  const hash = sha256(JSON.stringify([prevHash, chatId, seq, senderId, clientMessageId, bodyHash, createdAt]));
  return { text: 'forged', bodyHash, hash };
}
