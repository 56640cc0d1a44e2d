import type { ErrorCode } from '@parley/contracts';
import type { ChatId, ClientMessageId } from '@parley/domain';

/** A message of one's own on its way. `failed` was refused and waits for its author; its text is kept until they decide. */
export type Outgoing = {
  /** A UUIDv7 (RFC 9562): its text sorts as it was made. */
  readonly clientMessageId: ClientMessageId;
  readonly chatId: ChatId;
  readonly text: string;
  readonly replyToSeq?: number;
  /** Milliseconds since the epoch, by this device's clock. */
  readonly createdAt: number;
  readonly status: 'pending' | 'failed';
  /** Why it failed. */
  readonly code?: ErrorCode;
};

/** Messages that aren't stored on the server yet. Several clients of one person may share it, as the tabs of a browser do. */
export type Outbox = {
  /** In the order they were written. */
  all(): Promise<Outgoing[]>;
  /** The oldest of a chat that is pending. */
  next(chatId: ChatId): Promise<Outgoing | undefined>;
  put(entry: Outgoing): Promise<void>;
  remove(id: ClientMessageId): Promise<void>;
  /** Runs alone among all who share this outbox, for one chat: so that at most one of its messages is in flight. */
  exclusive<T>(chatId: ChatId, run: () => Promise<T>): Promise<T>;
  /** Calls when somebody else who shares it has changed it; ends when the result is called. */
  onChange(listener: () => void): () => void;
  close(): void;
};

export const inOrderWritten = (a: Outgoing, b: Outgoing): number => (a.clientMessageId < b.clientMessageId ? -1 : 1);

/** An outbox of one client in memory: for Node, and for browsers without a database. Given to the next client, it stands for what a disk kept. */
export function createMemoryOutbox(): Outbox {
  const entries = new Map<ClientMessageId, Outgoing>();
  const all = () => [...entries.values()].sort(inOrderWritten);
  return {
    all: () => Promise.resolve(all()),
    next: (chatId) => Promise.resolve(all().find((entry) => entry.chatId === chatId && entry.status === 'pending')),
    put: (entry) => Promise.resolve(void entries.set(entry.clientMessageId, entry)),
    remove: (id) => Promise.resolve(void entries.delete(id)),
    exclusive: (_chatId, run) => run(),
    onChange: () => () => undefined,
    close: () => undefined,
  };
}
