import type { Head } from '@parley/contracts';
import { GENESIS_HASH, type ChatId } from '@parley/domain';
import { LRUCache } from 'lru-cache';
import { STORED, type Database, type StoredMessage } from '../../database.ts';

const CACHED_CHATS = 50_000;

/** The end of a chat as MongoDB has it: the newest message, and the newest change of any message. */
export type Tail = { head: Head; newest: StoredMessage | null };

export type Heads = {
  /** The end of the chat, read now. */
  readTail(chatId: ChatId): Promise<Tail>;
  read(chatId: ChatId): Promise<Head>;
  /** Where this process saw the chat end last: never ahead of MongoDB, maybe behind it. */
  cached(chatId: ChatId): Head | undefined;
  /** A durable message or change moved the end. */
  advance(chatId: ChatId, head: Head): void;
  forget(chatId: ChatId): void;
};

/**
 * The ends of chats. The cache spares a send its read; being behind costs a retry and never order, since the unique index
 * on {chatId, seq} decides.
 */
export function createHeads({ messages }: Pick<Database, 'messages'>): Heads {
  const cache = new LRUCache<ChatId, Head>({ max: CACHED_CHATS });

  const advance = (chatId: ChatId, head: Head) => {
    const known = cache.get(chatId);
    if (!known || head.rev > known.rev) cache.set(chatId, head);
  };

  const newestChange = (chatId: ChatId) =>
    messages.findOne({ chatId }, { sort: { rev: -1 }, projection: { _id: 0, rev: 1 } });

  const readTail = async (chatId: ChatId): Promise<Tail> => {
    const [newest, changed] = await Promise.all([
      messages.findOne<StoredMessage>({ chatId }, { sort: { seq: -1 }, projection: STORED }),
      newestChange(chatId),
    ]);
    const head = {
      seq: newest?.seq ?? 0,
      // The two reads are not one: a message may come between them.
      rev: Math.max(newest?.rev ?? 0, changed?.rev ?? 0),
      hash: newest?.hash ?? GENESIS_HASH,
    };
    return { head, newest };
  };

  const read = async (chatId: ChatId): Promise<Head> => {
    const [newest, changed] = await Promise.all([
      messages.findOne({ chatId }, { sort: { seq: -1 }, projection: { _id: 0, seq: 1, rev: 1, hash: 1 } }),
      newestChange(chatId),
    ]);
    return {
      seq: newest?.seq ?? 0,
      rev: Math.max(newest?.rev ?? 0, changed?.rev ?? 0),
      hash: newest?.hash ?? GENESIS_HASH,
    };
  };

  return {
    readTail,
    read,
    cached: (chatId) => cache.get(chatId),
    advance,
    forget: (chatId) => void cache.delete(chatId),
  };
}
