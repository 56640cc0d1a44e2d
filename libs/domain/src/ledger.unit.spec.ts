import { describe, expect, it } from 'vitest';
import { bodyPreimage, GENESIS_HASH, ledgerPreimage, type LedgerEntry } from './ledger.ts';

describe('bodyPreimage', () => {
  it('keeps a missing field apart from an empty one, and fields apart from one another', () => {
    const bodies = [{ text: '' }, {}, { text: 'a' }, { uploadId: 'a' }, { text: 'a', replyToSeq: 1 }];
    expect(new Set(bodies.map(bodyPreimage)).size).toBe(bodies.length);
  });
});

describe('ledgerPreimage', () => {
  it('is the JSON array of its fields in the order of the protocol', () => {
    const entry = {
      prevHash: GENESIS_HASH,
      chatId: 'c',
      seq: 1,
      senderId: 'u',
      clientMessageId: 'm',
      bodyHash: 'b',
      createdAt: '2026-01-01T00:00:00.000Z',
    } as LedgerEntry;
    expect(ledgerPreimage(entry)).toBe(`["${GENESIS_HASH}","c",1,"u","m","b","2026-01-01T00:00:00.000Z"]`);
  });
});
