import type { PresenceById, PublicUser } from '@parley/contracts';
import type { ChatId, ClientMessageId, UserId } from '@parley/domain';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { MessageChange } from '../send/change.ts';
import type { Outgoing } from '../send/outbox.ts';
import type { UploadView } from '../send/upload-view.ts';
import type { ChatState } from './chat-state.ts';

/**
 * `live`: pushes arrive. `polling`: only HTTP works, and is asked every few seconds. `unreachable`: nothing answers. `offline`: the device says there is no network.
 */
export type Connection = 'connecting' | 'live' | 'polling' | 'unreachable' | 'offline';

export type ClientState = {
  readonly me: UserId;
  readonly connection: Connection;
  /** Something that is known to be missing is being fetched. */
  readonly catchingUp: boolean;
  /** Milliseconds that the last event took to the server and back; null where the socket is away. */
  readonly roundTripMs: number | null;
  readonly list: 'loading' | 'ready' | 'failed';
  readonly chats: Readonly<Record<string, ChatState>>;
  readonly outgoing: Readonly<Record<string, readonly Outgoing[]>>;
  /** Of stored messages, by the message: what isn't done yet, in the order it was made. */
  readonly changes: Readonly<Record<string, readonly MessageChange[]>>;
  /** Of pictures that this client uploads, by the message they go with. */
  readonly uploads: Readonly<Record<string, UploadView>>;
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
    catchingUp: true,
    roundTripMs: null,
    list: 'loading',
    chats: {},
    outgoing: {},
    changes: {},
    uploads: {},
    people: {},
    presence: {},
    typing: {},
  }));

type Change = (state: ClientState) => ClientState;

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

/** @param view undefined: there is nothing to upload any more */
export const withUpload =
  (id: ClientMessageId, view: UploadView | undefined): Change =>
  (state) => {
    if (view !== undefined) return { ...state, uploads: { ...state.uploads, [id]: view } };
    if (!(id in state.uploads)) return state;
    const { [id]: _gone, ...uploads } = state.uploads;
    return { ...state, uploads };
  };
