import type { ClientStore } from '../chat/client-state.ts';
import { hearAll, type Heard, type HearContext } from '../chat/hear.ts';
import type { ClientEvent } from '../events.ts';

/** The way into the store for everything that is heard of chats, with the duties that follow. */
export type Chats = { hear(...heard: Heard[]): void };

export function createChats(
  o: HearContext & {
    store: ClientStore;
    emit(event: ClientEvent): void;
    /** Some chat misses something. */
    fetch(o: { now: boolean }): void;
  },
): Chats {
  return {
    hear: (...heard) => {
      const { chats, duties } = hearAll(o.store.getState(), heard, o);
      o.store.setState({ chats });
      for (const { chat, effect } of duties) {
        if (typeof effect === 'string') o.fetch({ now: effect === 'fetch now' });
        else o.emit({ type: 'divergence', chatId: chat.id, problem: effect.divergence });
      }
    },
  };
}
