import { GENESIS_HASH } from '@parley/domain';
import { describe, expect, it } from 'vitest';
import { decideSend } from './decide-send.ts';

const EMPTY = { seq: 0, rev: 0, hash: GENESIS_HASH };
const head = { seq: 7, rev: 9, hash: 'a'.repeat(64) };

describe('decideSend', () => {
  it('takes the first place of an empty chat, chained to the genesis', () => {
    expect(decideSend(EMPTY, { bodyHash: 'x' }, null)).toEqual({
      kind: 'append',
      seq: 1,
      rev: 1,
      prevHash: GENESIS_HASH,
    });
  });

  it('takes the place after the head; rev counts on from the newest change, not from seq', () => {
    expect(decideSend(head, { bodyHash: 'x' }, null)).toEqual({ kind: 'append', seq: 8, rev: 10, prevHash: head.hash });
  });

  it('gives the stored message for the same body, and refuses another body under its id', () => {
    const known = { bodyHash: 'x', seq: 3 };
    expect(decideSend(head, { bodyHash: 'x' }, known)).toEqual({ kind: 'replay', message: known });
    expect(decideSend(head, { bodyHash: 'y' }, known)).toEqual({ kind: 'conflict' });
  });

  it('refuses a reply to what is not there yet, but not the replay of one that was', () => {
    expect(decideSend(head, { bodyHash: 'x', replyToSeq: 7 }, null)).toMatchObject({ kind: 'append' });
    expect(decideSend(head, { bodyHash: 'x', replyToSeq: 8 }, null)).toEqual({ kind: 'reply_not_found' });
    expect(decideSend(EMPTY, { bodyHash: 'x', replyToSeq: 8 }, { bodyHash: 'x' })).toMatchObject({ kind: 'replay' });
  });
});
