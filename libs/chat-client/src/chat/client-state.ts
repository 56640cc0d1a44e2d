import type { Chat, MarksById, Message, PresenceById, PublicUser } from '@parley/contracts';
import type { ChatId, UserId } from '@parley/domain';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Outgoing } from '../send/outbox.ts';
import { fromServer, receive, receiveMarks, receivePage, type ChatState } from './chat-state.ts';
import type { Page } from './timeline.ts';

/**
 * `live`: pushes arrive. `polling`: only HTTP works, and is asked every few seconds. `unreachable`: nothing answers. `offline`: the browser says there is no network.
 */
export type Connection = 'connecting' | 'live' | 'polling' | 'unreachable' | 'offline';

export type ClientState = {
  readonly me: UserId;
  readonly connection: Connection;
  readonly list: 'loading' | 'ready' | 'failed';
  readonly chats: Readonly<Record<string, ChatState>>;
  readonly outgoing: Readonly<Record<string, readonly Outgoing[]>>;
  readonly people: Readonly<Record<string, PublicUser>>;
  readonly presence: PresenceById;
  /** Chats in which the other member is typing right now. */
  readonly typing: Readonly<Record<string, boolean>>;
};

export type ClientStore = StoreApi<ClientState>;

export const createClientStore = (me: UserId): ClientStore =>
  createStore<ClientState>(() => ({
    me,
    connection: 'connecting',
    list: 'loading',
    chats: {},
    outgoing: {},
    people: {},
    presence: {},
    typing: {},
  }));

export type Change = (state: ClientState) => ClientState;

const changeChat =
  (chatId: ChatId, change: (chat: ChatState) => ChatState): Change =>
  (state) => {
    const chat = state.chats[chatId];
    return chat === undefined ? state : { ...state, chats: { ...state.chats, [chatId]: change(chat) } };
  };

export const withChats =
  (chats: readonly Chat[]): Change =>
  (state) => ({
    ...state,
    chats: {
      ...state.chats,
      ...Object.fromEntries(chats.map((chat) => [chat.id, fromServer(state.chats[chat.id], chat, state.me)])),
    },
  });

/** A pushed or acknowledged message; one of a chat that isn't known leaves the state as it is, and the list must be fetched. */
export const withReceived =
  (message: Message): Change =>
  (state) =>
    changeChat(message.chatId, (chat) => receive(chat, message, state.me))(withTyping(message.chatId, false)(state));

export const withHistory =
  (chatId: ChatId, page: Page): Change =>
  (state) =>
    changeChat(chatId, (chat) => receivePage(chat, page, state.me))(state);

export const withMarks =
  (chatId: ChatId, marks: MarksById): Change =>
  (state) =>
    changeChat(chatId, (chat) => receiveMarks(chat, marks, state.me))(state);

export const withPeople =
  (people: readonly PublicUser[]): Change =>
  (state) => ({ ...state, people: { ...state.people, ...Object.fromEntries(people.map((p) => [p.id, p])) } });

export const withPresence =
  (presence: PresenceById): Change =>
  (state) => ({ ...state, presence: { ...state.presence, ...presence } });

export const withTyping =
  (chatId: ChatId, typing: boolean): Change =>
  (state) =>
    (state.typing[chatId] ?? false) === typing ? state : { ...state, typing: { ...state.typing, [chatId]: typing } };

export const withOutgoing =
  (chatId: ChatId, change: (entries: readonly Outgoing[]) => readonly Outgoing[]): Change =>
  (state) => ({ ...state, outgoing: { ...state.outgoing, [chatId]: change(state.outgoing[chatId] ?? []) } });
