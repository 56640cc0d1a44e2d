import type { Chat, Message } from '@parley/contracts';
import type { ChatId, ClientMessageId, MessageId, UserId } from '@parley/domain';

/** People, chats and messages for specs. */
export const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const ME = uuid(1) as UserId;
export const OTHER = uuid(2) as UserId;
export const CHAT = uuid(9) as ChatId;
const HASH = 'a'.repeat(64);

export function messageOf(seq: number, changes: Partial<Message> = {}): Message {
  return {
    id: uuid(1000 + seq) as MessageId,
    chatId: CHAT,
    seq,
    rev: seq,
    senderId: seq % 2 === 0 ? ME : OTHER,
    clientMessageId: uuid(5000 + seq) as ClientMessageId,
    text: `message ${seq}`,
    replyToSeq: null,
    reactions: [],
    createdAt: new Date(Date.UTC(2026, 0, 1, 12, 0, seq)).toISOString(),
    editedAt: null,
    deletedAt: null,
    prevHash: HASH,
    bodyHash: HASH,
    hash: HASH,
    ...changes,
  };
}

/** Messages `from`..`to`, both included. */
export const messagesOf = (from: number, to: number): Message[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => messageOf(from + index));

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
