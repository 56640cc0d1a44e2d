import type { MarksById } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import { MongoClient, type Document } from 'mongodb';
import type { ChatHistory, StoredMessage } from '../history.ts';

/** What is stored, read from MongoDB itself, past every service. */
export type Store = {
  read(chatId: ChatId): Promise<Pick<ChatHistory, 'stored' | 'storedMarks' | 'listed' | 'untold'>>;
  /** The end of each chat. */
  heads(chatIds: readonly ChatId[]): Promise<Map<ChatId, { seq: number; rev: number }>>;
  /** Outbox entries of all chats that are still to be told, as they are. */
  untold(): Promise<string[]>;
  close(): Promise<void>;
};

export function openStore(mongoUri: string): Store {
  const client = new MongoClient(mongoUri, { serverSelectionTimeoutMS: 10_000 });
  const db = client.db('parley_chat');
  const [messages, chats] = [db.collection('messages'), db.collection('chats')];
  const inOutbox = { outbox: { $exists: true } };

  return {
    read: async (chatId) => {
      const documents = await messages.find({ chatId }).sort({ seq: 1 }).toArray();
      const chat = await chats.findOne({ _id: chatId as never });
      return {
        stored: documents.map(readMessage),
        storedMarks: (chat?.['marks'] ?? {}) as MarksById,
        listed: { seq: (chat?.['lastSeq'] ?? -1) as number, rev: (chat?.['lastRev'] ?? -1) as number },
        untold: [chat, ...documents].filter((document) => document?.['outbox'] !== undefined).length,
      };
    },
    heads: async (chatIds) => {
      const ends = chatIds.map(async (chatId) => {
        const end = (field: 'seq' | 'rev') =>
          messages.findOne({ chatId }, { sort: { [field]: -1 }, projection: { [field]: 1 } });
        const [newest, changed] = await Promise.all([end('seq'), end('rev')]);
        return [chatId, { seq: (newest?.['seq'] ?? 0) as number, rev: (changed?.['rev'] ?? 0) as number }] as const;
      });
      return new Map(await Promise.all(ends));
    },
    untold: async () => {
      const found = await Promise.all([messages, chats].map((all) => all.find(inOutbox).toArray()));
      return found.flat().map(({ _id, seq, rev, outbox }) => JSON.stringify({ _id, seq, rev, outbox }));
    },
    close: () => client.close(),
  };
}

/** The document in the form of the wire, by what docs/protocol.md says and not by the code of the service. */
function readMessage(document: Document): StoredMessage {
  const iso = (value: unknown): string | null => (value instanceof Date ? value.toISOString() : null);
  return {
    id: document['_id'] as StoredMessage['id'],
    chatId: document['chatId'] as StoredMessage['chatId'],
    seq: document['seq'] as number,
    rev: document['rev'] as number,
    senderId: document['senderId'] as StoredMessage['senderId'],
    clientMessageId: document['clientMessageId'] as StoredMessage['clientMessageId'],
    text: document['deletedAt'] ? null : ((document['text'] ?? null) as string | null),
    replyToSeq: ((document['replyTo'] as { seq: number } | undefined)?.seq ?? null) as number | null,
    createdAt: iso(document['createdAt']) ?? '',
    editedAt: iso(document['editedAt']),
    deletedAt: iso(document['deletedAt']),
    prevHash: document['prevHash'] as string,
    bodyHash: document['bodyHash'] as string,
    hash: document['hash'] as string,
  };
}
