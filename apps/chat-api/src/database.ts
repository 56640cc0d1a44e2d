import type { Image, Reaction } from '@parley/contracts';
import type { ChatId, ClientMessageId, ImageType, MessageId, UploadId, UserId, Watermarks } from '@parley/domain';
import { outboxIndex, type OutboxState } from '@parley/mongo';
import type { Collection, Db } from 'mongodb';

/** A picture that was rendered, and where its files are in the bucket. */
export type StoredImage = Image & { keys: { full: string; thumb: string } };

/** A message with its place in the order, its link in the ledger, its idempotency key and its outbox entry: all or nothing. */
export type MessageDocument = {
  _id: MessageId;
  chatId: ChatId;
  /** 1..n without holes, for ever. */
  seq: number;
  /** The chat's change that made it what it is. */
  rev: number;
  /**
   * The revs it has had, newest last. An edit gives up its old `rev`, and without this a process that hasn't heard of the edit
   * could take that number again, below what clients have synced to: the unique index on `revs` keeps it taken.
   */
  revs: number[];
  senderId: UserId;
  clientMessageId: ClientMessageId;
  bodyHash: string;
  prevHash: string;
  hash: string;
  text?: string;
  /** What it is found by: normalised words, each once. */
  words?: string[];
  image?: StoredImage;
  replyTo?: { seq: number };
  reactions?: Reaction[];
  createdAt: Date;
  editedAt?: Date;
  /** A tombstone: the place stays, the content is gone. */
  deletedAt?: Date;
  /** What is still to be told: that it was sent (also when it has been changed since), or else that it was changed. */
  outbox?: OutboxState & { event?: 'updated' };
};

/** A message as others read it. */
export type StoredMessage = Omit<MessageDocument, 'outbox' | 'revs' | 'words'>;
/** The projection of a StoredMessage. */
export const STORED = { outbox: 0, revs: 0, words: 0 } as const;

export function storedMessage({ outbox: _, revs: __, words: ___, ...message }: MessageDocument): StoredMessage {
  return message;
}

export type ChatDocument = {
  _id: ChatId;
  /** `min:max` of the members: two people have one chat. */
  pairKey: string;
  members: readonly [UserId, UserId];
  createdBy: UserId;
  createdAt: Date;
  /** From here a projection of `messages`, which only moves forwards and may lag: for lists, never for deciding. */
  lastSeq: number;
  lastRev: number;
  last: { at: Date; seq: number; rev: number; message: StoredMessage | null };
  marks: Record<UserId, Watermarks>;
  outbox?: OutboxState;
};

/** Whether one person blocks another, as user-api told last. Kept after an unblock, so that a late repeat can't undo it. */
export type BlockDocument = { _id: string; blocked: boolean; at: Date };

/** What a person shows of themselves, as user-api told last. */
export type PrivacyDocument = { _id: UserId; readReceipts: boolean; at: Date };

/** A picture on its way from its uploader into one message. */
export type UploadDocument = {
  _id: UploadId;
  userId: UserId;
  /** As declared, and signed into the upload. */
  contentType: ImageType;
  bytes: number;
  /** `rejected` is final: no picture, or not used in time. */
  state: 'pending' | 'ready' | 'used' | 'rejected';
  keys: { raw: string; full: string; thumb: string };
  createdAt: Date;
  /** When the sweeper looks after it; none: it lives as long as its message. */
  expiresAt?: Date;
  image?: StoredImage;
  /** The one message, by its sender's name for it, which stands before the message does. */
  usedBy?: { chatId: ChatId; clientMessageId: ClientMessageId };
  /** Renderings that began and came to no answer. */
  unanswered?: number;
  /** Why it was rejected, for its uploader. */
  reason?: string;
  /** It is the avatar of its uploader, or was, or is about to be: features/upload-claims. */
  avatar?: {
    /** The square picture, once it is stored. */
    key?: string;
    /** When user-api is asked whether it is shown; none: it was, and nobody has said since that this changes. */
    checkAt?: Date;
  };
};

/** When a task was last begun that one instance does for all. */
export type TaskDocument = { _id: string; at: Date };

export type Database = {
  chats: Collection<ChatDocument>;
  messages: Collection<MessageDocument>;
  blocks: Collection<BlockDocument>;
  privacy: Collection<PrivacyDocument>;
  uploads: Collection<UploadDocument>;
  tasks: Collection<TaskDocument>;
};

/** The messages of a chat that have a word, newest first. */
export const SEARCH_INDEX = { chatId: 1, words: 1, seq: -1 } as const;
/** The pictures of a chat, newest first. Only messages with a picture are in it; the direction tells it apart from the unique index. */
export const MEDIA_INDEX = { chatId: 1, seq: -1 } as const;

export function openDatabase(db: Db): Database {
  return {
    chats: db.collection('chats'),
    messages: db.collection('messages'),
    blocks: db.collection('blocks'),
    privacy: db.collection('privacy'),
    uploads: db.collection('uploads'),
    tasks: db.collection('tasks'),
  };
}

/** The unique indexes are what makes order and idempotency true, whatever runs beside this process. */
export async function ensureIndexes({ chats, messages, uploads }: Database): Promise<void> {
  await chats.createIndexes([
    { key: { pairKey: 1 }, unique: true },
    // The id breaks ties, so that a page can begin between two chats of one millisecond.
    { key: { members: 1, 'last.at': -1, _id: -1 } },
    outboxIndex(),
  ]);
  await messages.createIndexes([
    { key: { chatId: 1, seq: 1 }, unique: true },
    { key: { chatId: 1, rev: 1 }, unique: true },
    { key: { chatId: 1, revs: 1 }, unique: true, partialFilterExpression: { revs: { $exists: true } } },
    { key: { chatId: 1, senderId: 1, clientMessageId: 1 }, unique: true },
    // What the other member wrote after the place a reader has seen: the unread count.
    { key: { chatId: 1, senderId: 1, seq: 1 } },
    { key: SEARCH_INDEX },
    { key: MEDIA_INDEX, partialFilterExpression: { image: { $exists: true } } },
    outboxIndex(),
  ]);
  await uploads.createIndexes([
    // What somebody uploaded lately: the quota.
    { key: { userId: 1, createdAt: -1 } },
    { key: { expiresAt: 1 }, partialFilterExpression: { expiresAt: { $exists: true } } },
    { key: { 'avatar.checkAt': 1 }, partialFilterExpression: { 'avatar.checkAt': { $exists: true } } },
  ]);
}
