import { marksOf } from '../chat/chat-state.ts';
import type { ClientStore } from '../chat/client-state.ts';
import { cursorOf } from '../chat/timeline.ts';
import type { Receipts } from './receipts.ts';

/** Reports every message that is held without a gap as delivered, as soon as it is; one's own need no report. */
export function acknowledgeHeld(store: ClientStore, receipts: Receipts): () => void {
  return store.subscribe((state, before) => {
    if (state.chats === before.chats) return;
    for (const chat of Object.values(state.chats)) {
      const old = before.chats[chat.id];
      if (old === chat) continue;
      const cursor = cursorOf(chat.timeline);
      if (cursor === 0 || (old !== undefined && cursor === cursorOf(old.timeline))) continue;
      if (chat.lastMessage?.senderId === state.me && chat.unread === 0) continue;
      if (cursor > marksOf(chat, state.me).delivered) receipts.report('delivered', chat.id, cursor);
    }
  });
}
