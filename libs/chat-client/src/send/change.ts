import type { ErrorCode, Message, Reaction } from '@parley/contracts';
import type { ChatId, MessageId, UserId } from '@parley/domain';

/** What somebody wants of a message that is stored. */
export type Wish =
  /** `replaces`: what the author saw, null where there was no text. Left out by an author who knows of another text and wants it replaced. */
  | { kind: 'edit'; text: string; replaces?: string | null }
  | { kind: 'delete' }
  | { kind: 'reaction'; emoji: string; on: boolean };

/** A wish that isn't done yet. `failed` is an edit that was refused: its text is kept until its author decides. */
export type MessageChange = {
  /** A UUIDv7 (RFC 9562): its text sorts as it was made. */
  readonly id: string;
  readonly chatId: ChatId;
  readonly messageId: MessageId;
  readonly wish: Wish;
  readonly status: 'pending' | 'failed';
  /** Why it failed. */
  readonly code?: ErrorCode;
};

/** Changes of messages that the server hasn't answered. As the outbox that it is a part of, it may be shared by several clients of one person. */
export type ChangeBox = {
  /** In the order they were made. */
  all(): Promise<MessageChange[]>;
  /** The oldest of a chat that is pending. */
  next(chatId: ChatId): Promise<MessageChange | undefined>;
  put(change: MessageChange): Promise<void>;
  remove(id: string): Promise<void>;
};

export const inOrderMade = (a: MessageChange, b: MessageChange): number => (a.id < b.id ? -1 : 1);

/** A box in memory. */
export function createMemoryChanges(): ChangeBox {
  const changes = new Map<string, MessageChange>();
  const all = () => [...changes.values()].sort(inOrderMade);
  return {
    all: () => Promise.resolve(all()),
    next: (chatId) => Promise.resolve(all().find((one) => one.chatId === chatId && one.status === 'pending')),
    put: async (change) => void changes.set(change.id, change),
    remove: async (id) => void changes.delete(id),
  };
}

/** `message` as it will be once its pending changes are done. */
export const withChanges = (message: Message, changes: readonly MessageChange[], me: UserId): Message =>
  changes.reduce((shown, { wish, status }) => (status === 'pending' ? granted(shown, wish, me) : shown), message);

function granted(message: Message, wish: Wish, me: UserId): Message {
  if (message.deletedAt !== null) return message;
  switch (wish.kind) {
    case 'edit':
      return { ...message, text: wish.text, editedAt: message.editedAt ?? message.createdAt };
    case 'delete':
      return { ...message, text: null, image: null, reactions: [], deletedAt: message.createdAt };
    case 'reaction':
      return { ...message, reactions: reacted(message.reactions, wish, me) };
  }
}

function reacted(
  reactions: readonly Reaction[],
  { emoji, on }: { emoji: string; on: boolean },
  me: UserId,
): Reaction[] {
  const known = reactions.some((reaction) => reaction.emoji === emoji);
  const all = on && !known ? [...reactions, { emoji, userIds: [] }] : reactions;
  return all
    .map((reaction) => {
      if (reaction.emoji !== emoji) return reaction;
      const others = reaction.userIds.filter((id) => id !== me);
      return { ...reaction, userIds: on ? [...others, me] : others };
    })
    .filter(({ userIds }) => userIds.length > 0);
}
