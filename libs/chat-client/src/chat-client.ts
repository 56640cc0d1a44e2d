import {
  marksAnswer,
  messageAnswer,
  type MediaAnswer,
  type Message,
  type PublicUser,
  type SendMessageBody,
} from '@parley/contracts';
import type { ChatId, ClientMessageId, UserId } from '@parley/domain';
import { v7 as uuidv7 } from 'uuid';
import { openChat, postMessage, postReceipt } from './calls/chats.ts';
import { listMedia, type MediaQuery } from './calls/media.ts';
import { changeMessage, searchMessages, type FoundMessages } from './calls/messages.ts';
import { marksOf } from './chat/chat-state.ts';
import { createClientStore, withPeople, type ClientStore } from './chat/client-state.ts';
import { createListeners, emitApplied, type ClientEvent } from './events.ts';
import type { AccessToken } from './http/authorized.ts';
import type { Exchange } from './http/exchange.ts';
import { createMemoryProofs, type ProofKeeper } from './ledger/proofs.ts';
import { sha256 as plainSha256, type Sha256 } from './ledger/sha256.ts';
import { verifyAll, type Verification } from './ledger/verify-all.ts';
import { getPeople } from './calls/people.ts';
import { completeUpload, openUpload } from './calls/uploads.ts';
import { putWithFetch, type PutFile } from './send/put-file.ts';
import type { MessageChange } from './send/change.ts';
import { createChangeQueue } from './send/change-queue.ts';
import { createSending } from './send/sending.ts';
import type { OutgoingPicture } from './send/upload-steps.ts';
import { createMemoryOutbox, type Outbox, type Outgoing } from './send/outbox.ts';
import { startLive } from './live/start-live.ts';
import { socketElseHttp } from './live/two-ways.ts';
import { createTypingReporter } from './live/typing.ts';
import { silentDevice, systemRuntime, type Device, type Runtime } from './ports.ts';

/** What is written: a text, and what it answers; or a picture, whose caption the text then is, and may be empty. */
export type Draft = { text: string; replyToSeq?: number; picture?: DraftPicture };

export type DraftPicture = Omit<OutgoingPicture, 'upload' | 'bytes'> & { readonly file: Blob };

/** Everything a signed-in person's client does, without any framework: a user interface or a test reads `store` and calls these. */
export type ChatClient = {
  store: ClientStore;
  /** Calls with each event from now on, until the result is called. */
  on(listener: (event: ClientEvent) => void): () => void;
  /** Writes to the outbox, shows it as pending, and sends. The result is the idempotency key of the message. */
  send(chatId: ChatId, draft: Draft): ClientMessageId;
  /** Sends one that was refused again. */
  retry(entry: Outgoing): void;
  /** Takes it out of the outbox; an upload ends. */
  discard(entry: Outgoing): void;
  /** The picture of a message that is on its way; undefined where it has none, or is stored. */
  fileOf(entry: Outgoing): Promise<Blob | undefined>;
  /**
   * Changes of a message that is stored. They are shown at once (`withChanges`) and kept until they are done; they resolve once they are, or wait
   * for a network, and reject with ApiError where they are refused.
   *
   * @param replaces the text that the author saw and made the new one from: where the message has another by then, it is refused with `edit_conflict`;
   *   undefined replaces any
   */
  edit(message: Message, text: string, replaces: string | null | undefined): Promise<void>;
  remove(message: Message): Promise<void>;
  react(message: Message, emoji: string, on: boolean): Promise<void>;
  /** Tries an edit again that was refused later. */
  retryChange(change: MessageChange): void;
  discardChange(change: MessageChange): void;
  /** The chat with a person, made where there is none yet. */
  open(person: PublicUser): Promise<ChatId>;
  /** The newest page of a history: from then on the chat is followed exactly. */
  load(chatId: ChatId): Promise<void>;
  loadOlder(chatId: ChatId): Promise<void>;
  /** After the run that was jumped to. */
  loadNewer(chatId: ChatId): Promise<void>;
  /** Brings the message at `seq` into the run that is looked at; `showNewest` leads back. */
  jump(chatId: ChatId, seq: number): Promise<void>;
  showNewest(chatId: ChatId): void;
  /** Messages with these words, in one chat or in all. */
  search(query: { q: string; chatId?: ChatId; cursor?: string }, signal?: AbortSignal): Promise<FoundMessages>;
  /** The pictures of a chat, page by page. */
  media(chatId: ChatId, query: MediaQuery, signal?: AbortSignal): Promise<MediaAnswer>;
  /** Reads a profile again, for whose picture can't be loaded: its URL works for an hour or so. */
  readPerson(id: UserId): Promise<void>;
  /** Reads a chat from its first message to its last, and checks its hash chain all the way. */
  verify(chatId: ChatId, onProgress: (upTo: number, head: number) => void, signal: AbortSignal): Promise<Verification>;
  /** Fetches the list and whatever is missing, now. */
  reload(): Promise<void>;
  /** The open conversation is in view down to `seq`. */
  seen(chatId: ChatId, seq: number): void;
  typed(chatId: ChatId): void;
  stoppedTyping(chatId: ChatId): void;
  close(): void;
};

export type ChatClientOptions = {
  me: UserId;
  /** In the name of `me`: see `authorized`. */
  exchange: Exchange;
  socketUrl: string;
  accessToken: AccessToken;
  /** In memory where none is given. Closed with the client. */
  outbox?: Outbox;
  /** In memory where none is given: then nothing of an earlier session is remembered. Closed with the client. */
  proofs?: ProofKeeper;
  device?: Device;
  /** With `fetch` where nothing is given that tells of its progress. */
  putFile?: PutFile;
  runtime?: Runtime;
  /** In plain JavaScript where no faster one is given. */
  sha256?: Sha256;
  /** The server ended the session. */
  onRevoked?(): void;
};

/** Starts a client: it connects, catches up, and stays caught up until it is closed. */
export function startChatClient(o: ChatClientOptions): ChatClient {
  const { me, exchange } = o;
  const runtime = o.runtime ?? systemRuntime;
  const sha256 = o.sha256 ?? plainSha256;
  const store = createClientStore(me);
  const { on, emit } = createListeners();
  emitApplied(store, emit);

  const live = startLive({
    ...o,
    runtime,
    sha256,
    store,
    emit,
    proofs: o.proofs ?? createMemoryProofs(),
    device: o.device ?? silentDevice,
    onRevoked: () => o.onRevoked?.(),
    wakeSender: () => {
      sending.wake();
      changes.wake();
    },
    sendReceipt: (kind, body) =>
      socketElseHttp(
        live.connection.isReady(),
        async () => (await live.connection.request(kind, body, marksAnswer)).marks,
        () => postReceipt(exchange, kind, body),
      ),
  });
  const { chats, history } = live;
  const hear = (message: Message) => chats.hear({ chatId: message.chatId, heard: { type: 'message', message } });

  const outbox = o.outbox ?? createMemoryOutbox();
  const changes = createChangeQueue({
    outbox,
    store,
    runtime,
    request: ({ messageId, wish }) => changeMessage(exchange, messageId, wish),
    onStored: hear,
    onRefused: (change) => emit({ type: 'change refused', change }),
  });
  const sending = createSending({
    outbox,
    store,
    runtime,
    emit,
    uploads: {
      open: (body) => openUpload(exchange, body),
      putFile: o.putFile ?? putWithFetch,
      complete: (id, signal) => completeUpload(exchange, id, signal),
    },
    send: (entry) => {
      const body = bodyOf(entry);
      return socketElseHttp(
        live.connection.isReady(),
        async () => (await live.connection.request('sendMessage', body, messageAnswer)).message,
        () => postMessage(exchange, body),
      );
    },
    onStored: hear,
  });
  const typing = createTypingReporter(live.sendTyping, runtime.clock);

  return {
    store,
    on,
    send: (chatId, draft) => {
      typing.stopped(chatId);
      const clientMessageId = uuidv7() as ClientMessageId;
      const { picture, ...said } = draft;
      const entry: Outgoing = { clientMessageId, chatId, ...said, createdAt: runtime.clock.now(), status: 'pending' };
      if (picture === undefined) sending.queue(entry);
      else {
        const { file, ...about } = picture;
        sending.queue({ ...entry, picture: { ...about, bytes: file.size } }, file);
      }
      return clientMessageId;
    },
    retry: sending.retry,
    discard: sending.discard,
    fileOf: ({ clientMessageId }) => sending.fileOf(clientMessageId),
    edit: (message, text, replaces) =>
      changes.submit(message, { kind: 'edit', text, ...(replaces === undefined ? {} : { replaces }) }),
    remove: (message) => changes.submit(message, { kind: 'delete' }),
    react: (message, emoji, on) => changes.submit(message, { kind: 'reaction', emoji, on }),
    retryChange: changes.retry,
    discardChange: changes.discard,
    open: async (person) => {
      const chat = await openChat(exchange, person.id);
      store.setState(withPeople([person]));
      chats.hear({ chatId: chat.id, heard: { type: 'listed', chat } });
      live.watchPresence();
      return chat.id;
    },
    load: history.newest,
    loadOlder: history.older,
    loadNewer: history.newer,
    jump: history.jump,
    showNewest: (chatId) => chats.hear({ chatId, heard: { type: 'window closed' } }),
    search: (query, signal) => searchMessages(exchange, query, signal),
    media: (chatId, query, signal) => listMedia(exchange, chatId, query, signal),
    readPerson: async (id) => store.setState(withPeople(await getPeople(exchange, [id]))),
    verify: (chatId, onProgress, signal) => verifyAll({ exchange, store, sha256, runtime }, chatId, onProgress, signal),
    reload: () => live.catchUp({ whole: true }),
    seen: (chatId, seq) => {
      const chat = store.getState().chats[chatId];
      if (chat === undefined || marksOf(chat, me).seen >= seq) return;
      chats.hear({ chatId, heard: { type: 'marks', marks: { [me]: { delivered: seq, seen: seq } } } });
      live.receipts.report('seen', chatId, seq);
    },
    typed: typing.typed,
    stoppedTyping: typing.stopped,
    close: () => {
      live.stop();
      changes.stop();
      sending.stop();
    },
  };
}

function bodyOf({ chatId, clientMessageId, text, picture, replyToSeq }: Outgoing): SendMessageBody {
  return {
    chatId,
    clientMessageId,
    ...(text === '' ? {} : { text }),
    ...(picture?.upload === undefined ? {} : { uploadId: picture.upload.uploadId }),
    ...(replyToSeq === undefined ? {} : { replyToSeq }),
  };
}
