import { createHash } from 'node:crypto';
import type { Message } from '@parley/contracts';
import { bodyPreimage, GENESIS_HASH, ledgerPreimage, type ChatId, type UserId } from '@parley/domain';
import type { Attempt, ChatHistory, StoredMessage } from '../history.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

type Writable<T> = T extends string
  ? T
  : T extends readonly (infer V)[]
    ? Writable<V>[]
    : T extends object
      ? { -readonly [K in keyof T]: Writable<T[K]> }
      : T;

/** A history that can be written to, so that a spec can break one thing in it. */
export type WritableHistory = Writable<Omit<ChatHistory, 'members' | 'told'>> & {
  members: ChatHistory['members'];
  told: Set<string>;
};

export const ADA = 'ada' as UserId;
export const BOB = 'bob' as UserId;
const CHAT = 'chat' as ChatId;

/** Five messages between two people, the second edited, the fourth deleted; three devices that have all of it. */
export function wholeHistory(): WritableHistory {
  const attempts: Attempt[] = [1, 2, 3, 4, 5].map((n) => ({
    chatId: CHAT,
    clientMessageId: `sent-${n}` as Attempt['clientMessageId'],
    senderId: n % 2 === 0 ? BOB : ADA,
    text: `text ${n}`,
    ...(n === 3 ? { replyToSeq: 1 } : {}),
  }));
  const messages: Message[] = [];
  for (const [index, { text, replyToSeq, ...sent }] of attempts.entries()) {
    const createdAt = `2026-01-01T00:00:0${index}.000Z`;
    const entry = {
      ...sent,
      seq: index + 1,
      createdAt,
      prevHash: messages.at(-1)?.hash ?? GENESIS_HASH,
      bodyHash: sha256(bodyPreimage({ text, replyToSeq })),
    };
    messages.push({
      ...entry,
      id: `message-${index + 1}` as Message['id'],
      rev: index + 1,
      text: text ?? null,
      image: null,
      replyToSeq: replyToSeq ?? null,
      reactions: [],
      editedAt: null,
      deletedAt: null,
      hash: sha256(ledgerPreimage(entry)),
    });
  }
  const acknowledged = structuredClone(messages);
  Object.assign(messages[1]!, { text: 'corrected', rev: 6, editedAt: '2026-01-01T00:01:00.000Z' });
  Object.assign(messages[3]!, { text: null, rev: 7, deletedAt: '2026-01-01T00:01:01.000Z' });
  acknowledged.push(structuredClone(messages[1]!), structuredClone(messages[3]!));
  const marks = { [ADA]: { delivered: 5, seen: 5 }, [BOB]: { delivered: 5, seen: 4 } };
  const view = (device: string, userId: UserId): WritableHistory['views'][number] => ({
    device,
    userId,
    shown: messages.map(({ id }) => id),
    messages: structuredClone(messages),
    marks: structuredClone(marks),
  });
  return {
    chatId: CHAT,
    members: [ADA, BOB],
    attempts,
    acknowledged,
    acknowledgedMarks: structuredClone(marks),
    views: [view('phone', ADA), view('laptop', ADA), view('tablet', BOB)],
    fresh: [ADA, BOB].map((userId) => ({ userId, messages: structuredClone(messages) })),
    stored: messages.map(({ reactions: _reactions, image: _image, ...rest }): StoredMessage => ({ ...rest })),
    storedMarks: marks,
    listed: { seq: 5, rev: 7 },
    untold: 0,
    told: new Set(messages.map(({ id, rev }) => `${id}:${rev}`)),
  };
}
