import { createHash, webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatId, ClientMessageId, UserId } from './ids.ts';
import { bodyPreimage, GENESIS_HASH, ledgerPreimage } from './ledger.ts';
import { verifyLink, type LedgerMessage, type Sha256 } from './verify-link.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const webSha256: Sha256 = async (text) =>
  Buffer.from(await webcrypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('hex');

type Body = { text: string; replyToSeq: number | null; sender: string; at: number };
const body = fc.record<Body>({
  text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  replyToSeq: fc.option(fc.nat(50)),
  sender: fc.constantFrom('u1', 'u2'),
  at: fc.nat(2_000_000_000_000),
});

/** A chat of these bodies, as the server would chain it. */
function chain(bodies: Body[]): LedgerMessage[] {
  let prevHash = GENESIS_HASH;
  return bodies.map(({ text, replyToSeq, sender, at }, index) => {
    const entry = {
      prevHash,
      chatId: 'c' as ChatId,
      seq: index + 1,
      senderId: sender as UserId,
      clientMessageId: `m${index}` as ClientMessageId,
      bodyHash: sha256(bodyPreimage({ text, replyToSeq: replyToSeq ?? undefined })),
      createdAt: new Date(at).toISOString(),
    };
    const hash = sha256(ledgerPreimage(entry));
    prevHash = hash;
    return { ...entry, hash, text, replyToSeq, editedAt: null, deletedAt: null };
  });
}

/** The first fault of a chat, with the place it was found at. */
async function verify(messages: LedgerMessage[], hashWith: Sha256 = sha256) {
  let previousHash = GENESIS_HASH;
  for (const [index, message] of messages.entries()) {
    const fault = await verifyLink(previousHash, message, hashWith);
    if (fault) return { index, fault };
    previousHash = message.hash;
  }
  return null;
}

const chats = fc.array(body, { minLength: 1, maxLength: 6 });
/** A chat, and one of its messages. */
const chatAndPlace = chats.chain((bodies) => fc.tuple(fc.constant(bodies), fc.nat(bodies.length - 1)));

describe('verifyLink', () => {
  it('finds no fault in any chat, with Node’s SHA-256 and with the browser’s', async () => {
    await fc.assert(
      fc.asyncProperty(chats, async (bodies) => {
        expect(await verify(chain(bodies))).toBeNull();
        expect(await verify(chain(bodies), webSha256)).toBeNull();
      }),
    );
  });

  it.each<[string, Partial<LedgerMessage>, string]>([
    ['text', { text: 'never typed by anybody here' }, 'body'],
    ['reply', { replyToSeq: 99 }, 'body'],
    ['sender', { senderId: 'u3' as UserId }, 'hash'],
    ['time', { createdAt: '1999-01-01T00:00:00.000Z' }, 'hash'],
    ['place', { seq: 77 }, 'hash'],
    ['chat', { chatId: 'other' as ChatId }, 'hash'],
    ['id of the client', { clientMessageId: 'other' as ClientMessageId }, 'hash'],
    ['link', { prevHash: 'f'.repeat(64) }, 'prev_hash'],
    ['hash', { hash: 'f'.repeat(64) }, 'hash'],
    ['text under the mark of an edit, with another body hash', { editedAt: 'x', bodyHash: 'f'.repeat(64) }, 'hash'],
  ])('finds a message with another %s, where it is', async (_what, change, fault) => {
    await fc.assert(
      fc.asyncProperty(chatAndPlace, async ([bodies, index]) => {
        const messages = chain(bodies);
        Object.assign(messages[index] ?? {}, change);
        expect(await verify(messages)).toEqual({ index, fault });
      }),
    );
  });

  it('finds a message that was taken out, put twice or moved', async () => {
    await fc.assert(
      fc.asyncProperty(chatAndPlace, async ([bodies, index]) => {
        const messages = chain(bodies);
        const twice = [...messages.slice(0, index + 1), ...messages.slice(index)];
        expect(await verify(twice)).toEqual({ index: index + 1, fault: 'prev_hash' });
        const without = messages.filter((_, place) => place !== index);
        const isLast = index === messages.length - 1;
        expect(await verify(without)).toEqual(isLast ? null : { index, fault: 'prev_hash' });
      }),
    );
  });

  it('lets what was edited or deleted stand in the chain with its first hashes', async () => {
    const messages = chain([
      { text: 'one', replyToSeq: null, sender: 'u1', at: 0 },
      { text: 'two', replyToSeq: 1, sender: 'u2', at: 1 },
      { text: 'three', replyToSeq: null, sender: 'u1', at: 2 },
    ]);
    Object.assign(messages[0] ?? {}, { text: 'won', editedAt: '2026-01-01T00:00:00.000Z' });
    Object.assign(messages[1] ?? {}, { text: null, deletedAt: '2026-01-01T00:00:00.000Z' });
    expect(await verify(messages)).toBeNull();
  });
});
