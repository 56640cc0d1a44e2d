import { createHash } from 'node:crypto';
import { GENESIS_HASH, type ChatId, type ClientMessageId, type MessageId, type UserId } from '@parley/domain';
import { describe, expect, it } from 'vitest';
import { composeMessage, hashBody } from './compose-message.ts';
import { presentMessage } from './present-message.ts';

const sha256 = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
const createdAt = new Date('2026-01-02T03:04:05.678Z');
const content = { text: 'Grüße 👋', replyToSeq: 2 };
const document = composeMessage({
  id: 'm' as MessageId,
  chatId: 'c' as ChatId,
  senderId: 'u' as UserId,
  clientMessageId: 'k' as ClientMessageId,
  content,
  bodyHash: hashBody(content),
  place: { seq: 3, rev: 5, prevHash: GENESIS_HASH },
  createdAt,
});

describe('composeMessage', () => {
  it('chains the message to the one before, as anybody can check', () => {
    const bodyHash = sha256(['Grüße 👋', null, 2]);
    expect(document.bodyHash).toBe(bodyHash);
    expect(document.hash).toBe(sha256([GENESIS_HASH, 'c', 3, 'u', 'k', bodyHash, '2026-01-02T03:04:05.678Z']));
  });

  it('carries its outbox entry, and no field for what it lacks', () => {
    expect(document.outbox).toEqual({ at: createdAt });
    expect(document).toMatchObject({ rev: 5, revs: [5], words: ['gruße'] });
    expect(document).not.toHaveProperty('editedAt');
    const plain = composeMessage({ ...document, id: document._id, content: { text: 'hi' }, place: document });
    expect(plain).not.toHaveProperty('replyTo');
  });
});

describe('presentMessage', () => {
  it('shows every field of the contract, and nothing of the document besides', () => {
    expect(presentMessage(document, null)).toEqual({
      id: 'm',
      chatId: 'c',
      seq: 3,
      rev: 5,
      senderId: 'u',
      clientMessageId: 'k',
      text: 'Grüße 👋',
      image: null,
      replyToSeq: 2,
      reactions: [],
      createdAt: '2026-01-02T03:04:05.678Z',
      editedAt: null,
      deletedAt: null,
      prevHash: GENESIS_HASH,
      bodyHash: document.bodyHash,
      hash: document.hash,
    });
  });

  it('shows a tombstone without its content', () => {
    const reactions = [{ emoji: '👍', userIds: ['u' as UserId] }];
    expect(presentMessage({ ...document, reactions }, null)).toMatchObject({ reactions });
    expect(presentMessage({ ...document, reactions, deletedAt: createdAt }, null)).toMatchObject({
      seq: 3,
      text: null,
      replyToSeq: 2,
      reactions: [],
      deletedAt: '2026-01-02T03:04:05.678Z',
    });
  });
});
