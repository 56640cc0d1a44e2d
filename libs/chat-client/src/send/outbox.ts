import type { ErrorCode } from '@parley/contracts';
import type { ChatId, ClientMessageId } from '@parley/domain';
import { createMemoryChanges, type ChangeBox } from './change.ts';
import type { OutgoingPicture } from './upload-steps.ts';

/** A message of one's own on its way. `failed` was refused and waits for its author; its text is kept until they decide. */
export type Outgoing = {
  /** A UUIDv7 (RFC 9562): its text sorts as it was made. */
  readonly clientMessageId: ClientMessageId;
  readonly chatId: ChatId;
  /** Empty for a picture without a caption. */
  readonly text: string;
  /** Its file lies beside it in the outbox. */
  readonly picture?: OutgoingPicture;
  readonly replyToSeq?: number;
  /** Milliseconds since the epoch, by this device's clock. */
  readonly createdAt: number;
  readonly status: 'pending' | 'failed';
  /** Why it failed. */
  readonly code?: OutgoingFault;
  /** What the server says about that, where it says more than the code. */
  readonly detail?: string;
};

/** `picture_lost`: this device no longer has the file. */
export type OutgoingFault = ErrorCode | 'picture_lost';

/** Messages that aren't stored on the server yet. Several clients of one person may share it, as the tabs of a browser do. */
export type Outbox = {
  /** In the order they were written. */
  all(): Promise<Outgoing[]>;
  /** The oldest of a chat that is pending. */
  next(chatId: ChatId): Promise<Outgoing | undefined>;
  get(id: ClientMessageId): Promise<Outgoing | undefined>;
  /** Both or nothing; without `file`, that of an entry stays what it was. */
  put(entry: Outgoing, file?: Blob): Promise<void>;
  /** In one step with nothing between: an entry that is gone stays gone, and undefined is the result. */
  update(id: ClientMessageId, change: (entry: Outgoing) => Outgoing): Promise<Outgoing | undefined>;
  /** With its file. */
  remove(id: ClientMessageId): Promise<void>;
  /** The picture of an entry. */
  file(id: ClientMessageId): Promise<Blob | undefined>;
  /** Of messages that are stored. */
  changes: ChangeBox;
  /** Runs alone among all who share this outbox, for one chat, so that at most one of its messages, or of its changes, is in flight; or for one message, whose picture is uploaded. */
  exclusive<T>(name: ChatId | ClientMessageId | `${ChatId}:changes`, run: () => Promise<T>): Promise<T>;
  /** Calls when somebody else who shares it has changed it; ends when the result is called. */
  onChange(listener: () => void): () => void;
  close(): void;
};

export const inOrderWritten = (a: Outgoing, b: Outgoing): number => (a.clientMessageId < b.clientMessageId ? -1 : 1);

/** An outbox of one client in memory: for Node, and for browsers without a database. Given to the next client, it stands for what a disk kept. */
export function createMemoryOutbox(): Outbox {
  const entries = new Map<ClientMessageId, Outgoing>();
  const files = new Map<ClientMessageId, Blob>();
  const all = () => [...entries.values()].sort(inOrderWritten);
  return {
    all: () => Promise.resolve(all()),
    next: (chatId) => Promise.resolve(all().find((entry) => entry.chatId === chatId && entry.status === 'pending')),
    get: (id) => Promise.resolve(entries.get(id)),
    put: async (entry, file) => {
      entries.set(entry.clientMessageId, entry);
      if (file !== undefined) files.set(entry.clientMessageId, file);
    },
    update: async (id, change) => {
      const entry = entries.get(id);
      if (entry === undefined) return undefined;
      const changed = change(entry);
      entries.set(id, changed);
      return changed;
    },
    remove: async (id) => {
      entries.delete(id);
      files.delete(id);
    },
    file: (id) => Promise.resolve(files.get(id)),
    changes: createMemoryChanges(),
    exclusive: (_name, run) => run(),
    onChange: () => () => undefined,
    close: () => undefined,
  };
}
