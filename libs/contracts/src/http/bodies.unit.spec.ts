import { describe, expect, it } from 'vitest';
import { loginBody, registerBody } from './auth.ts';
import { messagesQuery, reactionParams, receiptBody, sendMessageBody, syncBody } from './chats.ts';
import { fieldErrors } from './problem.ts';
import { patchMeBody } from './users.ts';

const ID = '018f3b1e-7c00-7000-8000-000000000001';
const REGISTRATION = { email: 'Ada@Example.org', username: 'Ada', password: 'correct horse' };

describe('registerBody', () => {
  it('keeps names in lower case, so that Ada and ada are one', () => {
    expect(registerBody.parse(REGISTRATION)).toMatchObject({ email: 'ada@example.org', username: 'ada' });
  });

  it.each([
    [{ role: 'admin' }],
    [{ _id: 'x' }],
    [{ username: 'a' }],
    [{ username: '.ada' }],
    [{ username: 'a..b' }],
    [{ username: 'аda-cyrillic-а' }],
    [{ email: 'nobody' }],
    [{ password: 'short' }],
    [{ displayName: ' ' }],
  ])('refuses %j', (wrong) => {
    expect(registerBody.safeParse({ ...REGISTRATION, ...wrong }).success).toBe(false);
  });
});

describe('loginBody', () => {
  it('refuses a query operator in place of a name', () => {
    expect(loginBody.safeParse({ identifier: { $gt: '' }, password: 'x' }).success).toBe(false);
  });
});

describe('patchMeBody', () => {
  it('changes any part, and refuses nothing at all', () => {
    expect(patchMeBody.parse({ privacy: { lastSeen: 'nobody' } })).toEqual({ privacy: { lastSeen: 'nobody' } });
    expect(patchMeBody.safeParse({}).success).toBe(false);
  });

  it('takes a picture, and null for none, which is not the same as saying nothing of it', () => {
    expect(patchMeBody.parse({ avatarUploadId: ID })).toEqual({ avatarUploadId: ID });
    expect(patchMeBody.parse({ avatarUploadId: null })).toEqual({ avatarUploadId: null });
    expect(patchMeBody.safeParse({ avatarUploadId: undefined }).success).toBe(false);
    expect(patchMeBody.safeParse({ avatarUploadId: { $ne: null } }).success).toBe(false);
    expect(patchMeBody.safeParse({ avatarUrl: 'https://evil.example/pixel.gif' }).success).toBe(false);
  });
});

describe('sendMessageBody', () => {
  it('has no place for a sender', () => {
    const body = { chatId: ID, clientMessageId: ID, text: 'hi' };
    expect(sendMessageBody.parse(body)).toEqual(body);
    expect(sendMessageBody.safeParse({ ...body, senderId: ID }).success).toBe(false);
  });
});

describe('messagesQuery', () => {
  it('refuses before together with after', () => {
    expect(messagesQuery.parse({ after: '0' })).toMatchObject({ after: 0, limit: 50 });
    expect(messagesQuery.safeParse({ before: '3', after: '1' }).success).toBe(false);
  });
});

describe('fieldErrors', () => {
  it('names each field by its dotted path', () => {
    const { error } = receiptBody.safeParse({ chatId: 'x', seq: -1 });
    expect(error && fieldErrors(error).map(({ path }) => path)).toEqual(['chatId', 'seq']);
  });
});

describe('syncBody', () => {
  it('takes chats by id with the rev they are known to, and no more than 200', () => {
    expect(syncBody.parse({ cursors: { [ID]: 7 } })).toEqual({ cursors: { [ID]: 7 } });
    const many = Array.from({ length: 201 }, (_, n) => [ID.slice(0, -3) + String(n).padStart(3, '0'), 0]);
    const wrong = [
      { x: 1 },
      { [ID]: -1 },
      { [ID]: '1' },
      { [ID]: null },
      { [ID]: { $gt: 0 } },
      Object.fromEntries(many),
    ];
    for (const cursors of [...wrong, [], undefined]) expect(syncBody.safeParse({ cursors }).success).toBe(false);
    expect(syncBody.safeParse({ cursors: Object.fromEntries(many.slice(1)) }).success).toBe(true);
  });
});

describe('reactionParams', () => {
  it('takes one emoji', () => {
    expect(reactionParams.parse({ id: ID, emoji: '👍' })).toEqual({ id: ID, emoji: '👍' });
    expect(reactionParams.safeParse({ id: ID, emoji: '👍👍' }).success).toBe(false);
  });
});
