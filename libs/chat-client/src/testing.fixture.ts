/** For specs of those who use this library: people, chats and messages, and a store to put them into. */
import type { Chat } from '@parley/contracts';
import { hearAll, type Heard } from './chat/hear.ts';
import type { ClientStore } from './chat/client-state.ts';
import { sha256 } from './ledger/sha256.ts';

export { CHAT, chatOf, headOf, ME, messageOf, messagesOf, OTHER, uuid } from './chat/fixtures.fixture.ts';
export { createClientStore, withOutgoing, withPeople, withTyping } from './chat/client-state.ts';
export { EMPTY_TIMELINE, withNewestPage } from './chat/timeline.ts';

/** Puts into `store` what a client would after hearing this. */
export const hearIn = (store: ClientStore, ...heard: Heard[]): void =>
  store.setState({ chats: hearAll(store.getState(), heard, { sha256 }).chats });

export const listIn = (store: ClientStore, chat: Chat): void =>
  hearIn(store, { chatId: chat.id, heard: { type: 'listed', chat } });
