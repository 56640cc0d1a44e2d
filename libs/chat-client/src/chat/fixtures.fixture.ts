import type { Chat, Message } from '@parley/contracts';
import {
  bodyPreimage,
  GENESIS_HASH,
  ledgerPreimage,
  type ChatId,
  type ClientMessageId,
  type MessageId,
  type UserId,
} from '@parley/domain';
import { sha256 } from '../ledger/sha256.ts';

/** People, chats and messages for specs. */
export const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const ME = uuid(1) as UserId;
export const OTHER = uuid(2) as UserId;
export const CHAT = uuid(9) as ChatId;

/** A message as the server makes it on top of the one before, with the hashes of the ledger. */
export function sealed(
  before: Message | undefined,
  said: { senderId: UserId; text: string; createdAt: string; rev: number; replyToSeq?: number | null },
): Message {
  const seq = (before?.seq ?? 0) + 1;
  const replyToSeq = said.replyToSeq ?? null;
  const entry = {
    prevHash: before?.hash ?? GENESIS_HASH,
    chatId: CHAT,
    seq,
    senderId: said.senderId,
    clientMessageId: uuid(500_000 + seq) as ClientMessageId,
    bodyHash: sha256(bodyPreimage({ text: said.text, replyToSeq: replyToSeq ?? undefined })),
    createdAt: said.createdAt,
  };
  return {
    ...entry,
    id: uuid(100_000 + seq) as MessageId,
    rev: said.rev,
    text: said.text,
    image: null,
    replyToSeq,
    reactions: [],
    editedAt: null,
    deletedAt: null,
    hash: sha256(ledgerPreimage(entry)),
  };
}

const chain: Message[] = [];

/** The message at `seq` of one chat in which `ME` and `OTHER` take turns: `message 1`, `message 2` and so on, a true hash chain. */
export function messageOf(seq: number, changes: Partial<Message> = {}): Message {
  while (chain.length < seq) {
    const next = chain.length + 1;
    const createdAt = new Date(Date.UTC(2026, 0, 1, 12, 0, next)).toISOString();
    const senderId = next % 2 === 0 ? ME : OTHER;
    chain.push(sealed(chain.at(-1), { senderId, text: `message ${next}`, createdAt, rev: next }));
  }
  return { ...chain[seq - 1]!, ...changes };
}

/** Messages `from`..`to`, both included. */
export const messagesOf = (from: number, to: number): Message[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => messageOf(from + index));

/** The head of that chat when `seq` is its newest message. */
export const headOf = (seq: number) => ({ seq, rev: seq, hash: seq === 0 ? GENESIS_HASH : messageOf(seq).hash });

export function chatOf(lastSeq: number, changes: Partial<Chat> = {}): Chat {
  return {
    id: CHAT,
    members: [ME, OTHER],
    lastSeq,
    lastRev: lastSeq,
    lastMessage: lastSeq === 0 ? null : messageOf(lastSeq),
    unread: 0,
    marks: { [ME]: { delivered: 0, seen: 0 }, [OTHER]: { delivered: 0, seen: 0 } },
    createdAt: '2026-01-01T12:00:00.000Z',
    updatedAt: '2026-01-01T12:00:00.000Z',
    ...changes,
  };
}
