import { marksAnswer, messageAnswer, type PublicUser } from '@parley/contracts';
import type { ChatId, ClientMessageId, UserId } from '@parley/domain';
import { v7 as uuidv7 } from 'uuid';
import { openChat, postMessage, postReceipt } from './calls/chats.ts';
import { marksOf } from './chat/chat-state.ts';
import {
  createClientStore,
  withChats,
  withMarks,
  withPeople,
  withReceived,
  withTyping,
  type ClientStore,
} from './chat/client-state.ts';
import { createListeners, emitApplied, type ClientEvent } from './events.ts';
import type { Exchange } from './http/exchange.ts';
import type { AccessToken } from './http/authorized.ts';
import { connectLive } from './live/connection.ts';
import { handlersOf } from './live/handlers.ts';
import { createReceipts } from './live/receipts.ts';
import { createSync } from './live/sync.ts';
import { startUpkeep } from './live/upkeep.ts';
import { createTypingReporter, createTypingSigns } from './live/typing.ts';
import { socketElseHttp } from './live/two-ways.ts';
import { silentDevice, systemRuntime, type Device, type Runtime } from './ports.ts';
import { createOutgoing } from './send/outgoing.ts';
import { createMemoryOutbox, type Outbox, type Outgoing } from './send/outbox.ts';
import { createSender } from './send/sender.ts';

/** What is written: a text, and what it answers. */
export type Draft = { text: string; replyToSeq?: number };

/** Everything a signed-in person's client does, without any framework: a user interface or a test reads `store` and calls these. */
export type ChatClient = {
  store: ClientStore;
  /** Calls with each event from now on, until the result is called. */
  on(listener: (event: ClientEvent) => void): () => void;
  /** Writes to the outbox, shows it as pending, and sends. The result is the idempotency key of the message. */
  send(chatId: ChatId, draft: Draft): ClientMessageId;
  retry(entry: Outgoing): void;
  discard(entry: Outgoing): void;
  /** The chat with a person, made where there is none yet. */
  open(person: PublicUser): Promise<ChatId>;
  load(chatId: ChatId): Promise<void>;
  loadOlder(chatId: ChatId): Promise<void>;
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
  device?: Device;
  runtime?: Runtime;
  /** The server ended the session. */
  onRevoked?(): void;
};

/** Starts a client: it connects, catches up, and stays caught up until it is closed. */
export function startChatClient(o: ChatClientOptions): ChatClient {
  const { me, exchange } = o;
  const runtime = o.runtime ?? systemRuntime;
  const store = createClientStore(me);
  const listeners = createListeners();
  emitApplied(store, listeners.emit);
  const sync = createSync(exchange, store);
  const signs = createTypingSigns((chatId, typing) => store.setState(withTyping(chatId, typing)), runtime.clock);

  const live = connectLive({
    url: o.socketUrl,
    accessToken: o.accessToken,
    runtime,
    handlers: handlersOf({
      store,
      signs,
      log: runtime.log,
      catchUp: () => upkeep.catchUp({ whole: true }),
      heal: () => upkeep.heal(),
      onReady: () => upkeep.ready(),
      onRevoked: () => o.onRevoked?.(),
    }),
    onDown: () => upkeep.down(),
  });

  const receipts = createReceipts({
    runtime,
    send: (kind, body) =>
      socketElseHttp(
        live.isReady(),
        async () => (await live.request(kind, body, marksAnswer)).marks,
        () => postReceipt(exchange, kind, body),
      ),
    onMarks: (chatId, marks) => store.setState(withMarks(chatId, marks)),
  });

  const outbox = o.outbox ?? createMemoryOutbox();
  const sender = createSender({
    outbox,
    runtime,
    send: ({ chatId, clientMessageId, text, replyToSeq }) => {
      const body = { chatId, clientMessageId, text, ...(replyToSeq === undefined ? {} : { replyToSeq }) };
      return socketElseHttp(
        live.isReady(),
        async () => (await live.request('sendMessage', body, messageAnswer)).message,
        () => postMessage(exchange, body),
      );
    },
    onStored: (entry, message) => {
      store.setState(withReceived(message));
      outgoing.stored(entry);
      listeners.emit({ type: 'stored', entry, message });
      upkeep.heal();
    },
    onRefused: (entry) => {
      outgoing.show(entry);
      listeners.emit({ type: 'refused', entry });
    },
  });
  const outgoing = createOutgoing({ outbox, store, sender, log: runtime.log });

  const upkeep = startUpkeep({
    exchange,
    live,
    store,
    sync,
    receipts,
    signs,
    runtime,
    device: o.device ?? silentDevice,
    wakeSender: sender.wake,
  });
  const typing = createTypingReporter(upkeep.sendTyping, runtime.clock);

  return {
    store,
    on: listeners.on,
    send: (chatId, draft) => {
      typing.stopped(chatId);
      const clientMessageId = uuidv7() as ClientMessageId;
      outgoing.queue({ clientMessageId, chatId, ...draft, createdAt: runtime.clock.now(), status: 'pending' });
      return clientMessageId;
    },
    retry: outgoing.retry,
    discard: outgoing.discard,
    open: async (person) => {
      const chat = await openChat(exchange, person.id);
      store.setState(withPeople([person]));
      store.setState(withChats([chat]));
      upkeep.watchPresence();
      return chat.id;
    },
    load: sync.chat,
    loadOlder: sync.older,
    reload: () => upkeep.catchUp({ whole: true }),
    seen: (chatId, seq) => {
      const chat = store.getState().chats[chatId];
      if (chat === undefined || marksOf(chat, me).seen >= seq) return;
      store.setState(withMarks(chatId, { [me]: { delivered: seq, seen: seq } }));
      receipts.report('seen', chatId, seq);
    },
    typed: typing.typed,
    stoppedTyping: typing.stopped,
    close: () => {
      upkeep.stop();
      receipts.stop();
      sender.stop();
      signs.clear();
      live.close();
      outgoing.stop();
    },
  };
}
