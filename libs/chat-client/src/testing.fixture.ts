/** For specs of those who use this library: people, chats and messages, and a store to put them into. */
export { CHAT, chatOf, ME, messageOf, messagesOf, OTHER, uuid } from './chat/fixtures.fixture.ts';
export {
  createClientStore,
  withChats,
  withHistory,
  withOutgoing,
  withPeople,
  withTyping,
} from './chat/client-state.ts';
export { EMPTY_TIMELINE, withPage } from './chat/timeline.ts';
