import type { Chat, Head, MarksById, Message } from '@parley/contracts';
import { GENESIS_HASH, mergeWatermarks, NO_WATERMARKS, type UserId } from '@parley/domain';
import { CHAT, ME, OTHER, sealed } from './fixtures.fixture.ts';
import type { ChatHeard } from './step.ts';

/** What somebody does in the chat; `nth` picks one of the messages that are there. */
export type Deed =
  | { do: 'send'; by: UserId }
  | { do: 'edit' | 'delete' | 'react'; nth: number; by: UserId }
  | { do: 'receipt'; by: UserId; kind: 'delivered' | 'seen'; nth: number };

/** What a page or a sync asks for. */
export type Ask =
  | { for: 'newest' | 'line' }
  | { for: 'next'; before?: number; after?: number }
  | { for: 'jump'; after: number }
  | { for: 'sync'; from: number };

/** One chat as the server keeps it, in memory and without I/O: the truth that every client must come to. */
export class ModelServer {
  messages: Message[] = [];
  rev = 0;
  marks: MarksById = { [ME]: NO_WATERMARKS, [OTHER]: NO_WATERMARKS };

  readonly pageSize: number;

  /** @param pageSize small, so that a few messages make many pages */
  constructor(pageSize: number) {
    this.pageSize = pageSize;
  }

  get head(): Head {
    return { seq: this.messages.length, rev: this.rev, hash: this.messages.at(-1)?.hash ?? GENESIS_HASH };
  }

  /** Does it, and gives what is pushed; undefined where nothing changes. */
  apply(deed: Deed): ChatHeard | undefined {
    if (deed.do === 'send') return this.#send(deed.by);
    const held = this.messages[deed.nth % Math.max(1, this.messages.length)];
    if (held === undefined) return undefined;
    if (deed.do === 'receipt') return this.#receipt(deed.by, deed.kind, held);
    if (held.deletedAt !== null) return undefined;
    const createdAt = this.#now();
    if (deed.do === 'edit') return this.#change({ ...held, text: `edit ${this.rev + 1}`, editedAt: createdAt });
    if (deed.do === 'delete')
      return this.#change({ ...held, text: null, image: null, reactions: [], deletedAt: createdAt });
    const userIds = held.reactions[0]?.userIds ?? [];
    const chosen = userIds.includes(deed.by) ? userIds.filter((id) => id !== deed.by) : [...userIds, deed.by];
    return this.#change({ ...held, reactions: chosen.length === 0 ? [] : [{ emoji: '👍', userIds: chosen }] });
  }

  /** The chat's line in the list of `ME`. */
  line(): Chat {
    const seen = this.marks[ME]?.seen ?? 0;
    return {
      id: CHAT,
      members: [ME, OTHER],
      lastSeq: this.messages.length,
      lastRev: this.rev,
      lastMessage: this.messages.at(-1) ?? null,
      unread: this.messages.filter((m) => m.seq > seen && m.senderId !== ME && m.deletedAt === null).length,
      marks: this.marks,
      createdAt: '2026-01-01T12:00:00.000Z',
      updatedAt: '2026-01-01T12:00:00.000Z',
    };
  }

  /** The answer to `ask`, of messages as they are now, under a head that was read then or before. */
  answer(ask: Ask, head: Head): ChatHeard {
    if (ask.for === 'line') return { type: 'listed', chat: this.line() };
    if (ask.for === 'sync') {
      const changed = this.messages.filter((m) => m.rev > ask.from).sort((a, b) => a.rev - b.rev);
      const messages = changed.slice(0, this.pageSize);
      return {
        type: 'synced',
        from: ask.from,
        messages,
        hasMore: messages.length < changed.length,
        head,
        marks: this.marks,
      };
    }
    return { type: 'page', at: ask.for, messages: this.#page(ask), head };
  }

  #page(ask: Ask): Message[] {
    if (ask.for === 'newest') return this.messages.slice(-this.pageSize);
    if ('after' in ask && ask.after !== undefined) return this.messages.slice(ask.after, ask.after + this.pageSize);
    const before = ask.for === 'next' ? (ask.before ?? 0) : 0;
    return this.messages.slice(0, Math.max(0, before - 1)).slice(-this.pageSize);
  }

  #send(senderId: UserId): ChatHeard {
    this.rev += 1;
    const said = { senderId, text: `text ${this.rev}`, createdAt: this.#now(), rev: this.rev };
    const message = sealed(this.messages.at(-1), said);
    this.messages = [...this.messages, message];
    return { type: 'message', message };
  }

  #change(changed: Message): ChatHeard {
    this.rev += 1;
    const message = { ...changed, rev: this.rev };
    this.messages = this.messages.with(message.seq - 1, message);
    return { type: 'message', message };
  }

  #receipt(userId: UserId, kind: 'delivered' | 'seen', { seq, hash }: Message): ChatHeard {
    const told = { delivered: seq, seen: kind === 'seen' ? seq : 0 };
    this.marks = { ...this.marks, [userId]: mergeWatermarks(this.marks[userId] ?? NO_WATERMARKS, told) };
    return { type: 'receipt', userId, kind, seq, hash };
  }

  #now(): string {
    return new Date(Date.UTC(2026, 0, 1) + this.rev * 1000).toISOString();
  }
}
