import type { Message } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import type { ClientStore } from './chat/client-state.ts';
import type { Timeline } from './chat/timeline.ts';
import type { LedgerProblem } from './ledger/check.ts';
import type { MessageChange } from './send/change.ts';
import type { Outgoing } from './send/outbox.ts';

/** What happens in a client, for those who want each step and not only the state it leads to. */
export type ClientEvent =
  /** A message now stands in the history that is held, or stands there in a newer revision. */
  | { type: 'applied'; chatId: ChatId; message: Message }
  /** The chat's ledger, or its order, doesn't hold: the server, or somebody before it, has changed what was said. */
  | { type: 'divergence'; chatId: ChatId; problem: LedgerProblem }
  /** One of its own was acknowledged. */
  | { type: 'stored'; entry: Outgoing; message: Message }
  /** One of its own was refused, and waits in the outbox for its author. */
  | { type: 'refused'; entry: Outgoing }
  /** So was a change of a stored message that had been kept for want of an answer. An edit waits for its author, anything else is given up. */
  | { type: 'change refused'; change: MessageChange };

export type Listeners = { on(listener: (event: ClientEvent) => void): () => void; emit(event: ClientEvent): void };

export function createListeners(): Listeners {
  const listeners = new Set<(event: ClientEvent) => void>();
  return {
    on: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
  };
}

/** Tells of every message that a change of `store` puts into a held history. */
export function emitApplied(store: ClientStore, emit: Listeners['emit']): void {
  store.subscribe((state, before) => {
    if (state.chats === before.chats) return;
    for (const chat of Object.values(state.chats)) {
      const old = before.chats[chat.id];
      if (old === chat) continue;
      for (const message of appliedBetween(old?.timeline, chat.timeline)) {
        emit({ type: 'applied', chatId: chat.id, message });
      }
    }
  });
}

/** Messages of `after` that `before` has not, or has in another revision. */
function appliedBetween(before: Timeline | undefined, after: Timeline): readonly Message[] {
  if (before === undefined || before.messages.length === 0) return after.messages;
  if (before.messages === after.messages) return [];
  const first = before.messages[0]?.seq ?? 0;
  return after.messages.filter((message) => before.messages[message.seq - first] !== message);
}
