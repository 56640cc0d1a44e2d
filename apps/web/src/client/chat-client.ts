import { marksAnswer, messageAnswer, type PublicUser } from '@parley/contracts';
import type { ChatId, ClientMessageId, UserId } from '@parley/domain';
import { v7 as uuidv7 } from 'uuid';
import { openChat, postMessage, postReceipt } from './calls/chats.ts';
import { marksOf } from './chat/chat-state.ts';
import {
  createClientStore,
  withChats,
  withMarks,
  withOutgoing,
  withPeople,
  withReceived,
  withTyping,
  type ClientStore,
  type Outgoing,
} from './chat/client-state.ts';
import type { Exchange } from './http/api.ts';
import type { AccessToken } from './http/authorized.ts';
import { connectLive } from './live/connection.ts';
import { handlersOf } from './live/handlers.ts';
import { createReceipts } from './live/receipts.ts';
import { createSync } from './live/sync.ts';
import { startUpkeep } from './live/upkeep.ts';
import { createTypingReporter, createTypingSigns } from './live/typing.ts';
import { socketElseHttp } from './live/two-ways.ts';
import { createOutbox } from './send/outbox.ts';
import { createSender } from './send/sender.ts';
import { refusalText } from './send/refusal-text.ts';

/** Everything a signed-in person's client does, without any framework: the user interface reads `store` and calls these. */
export type ChatClient = {
  store: ClientStore;
  /** Writes to the outbox, shows it as pending, and sends. */
  send(chatId: ChatId, text: string): void;
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

export function startChatClient(o: {
  me: UserId;
  exchange: Exchange;
  socketUrl: string;
  accessToken: AccessToken;
  onRevoked(): void;
}): ChatClient {
  const { me, exchange } = o;
  const store = createClientStore(me);
  const sync = createSync(exchange, store);
  const outbox = createOutbox(me);
  const signs = createTypingSigns((chatId, typing) => store.setState(withTyping(chatId, typing)));

  const live = connectLive({
    url: o.socketUrl,
    accessToken: o.accessToken,
    handlers: handlersOf({
      store,
      signs,
      catchUp: () => upkeep.catchUp({ whole: true }),
      heal: () => upkeep.heal(),
      onReady: () => upkeep.ready(),
      onRevoked: o.onRevoked,
    }),
    onDown: () => upkeep.down(),
  });

  const receipts = createReceipts({
    send: (kind, body) =>
      socketElseHttp(
        live.isReady(),
        async () => (await live.request(kind, body, marksAnswer)).marks,
        () => postReceipt(exchange, kind, body),
      ),
    onMarks: (chatId, marks) => store.setState(withMarks(chatId, marks)),
  });

  const sender = createSender({
    send: (entry) => {
      const { chatId, clientMessageId, text } = entry;
      const body = { chatId, clientMessageId, text };
      return socketElseHttp(
        live.isReady(),
        async () => (await live.request('sendMessage', body, messageAnswer)).message,
        () => postMessage(exchange, body),
      );
    },
    onStored: (entry, message) => {
      store.setState(withReceived(message));
      store.setState(withOutgoing(entry.chatId, without(entry.clientMessageId)));
      outbox.remove(entry.clientMessageId).catch(console.error);
      upkeep.heal();
    },
    onRefused: (entry, error) => {
      keep({ ...entry, status: 'failed', reason: refusalText(error) });
    },
  });

  const upkeep = startUpkeep({ exchange, live, store, sync, receipts, signs, wakeSender: sender.wake });

  function keep(entry: Outgoing) {
    store.setState(withOutgoing(entry.chatId, upsert(entry)));
    outbox.put(entry).catch(console.error);
  }
  function queue(entry: Outgoing) {
    keep(entry);
    sender.enqueue(entry);
  }

  outbox
    .all()
    .then((entries) => {
      for (const entry of entries) {
        store.setState(withOutgoing(entry.chatId, upsert(entry)));
        if (entry.status === 'pending') sender.enqueue(entry);
      }
    })
    .catch(console.error);

  const typing = createTypingReporter(upkeep.sendTyping);

  return {
    store,
    send: (chatId, text) => {
      typing.stopped(chatId);
      const clientMessageId = uuidv7() as ClientMessageId;
      queue({ clientMessageId, chatId, text, createdAt: Date.now(), status: 'pending' });
    },
    retry: ({ clientMessageId, chatId, text, createdAt }) =>
      queue({ clientMessageId, chatId, text, createdAt, status: 'pending' }),
    discard: (entry) => {
      store.setState(withOutgoing(entry.chatId, without(entry.clientMessageId)));
      outbox.remove(entry.clientMessageId).catch(console.error);
    },
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
      outbox.close();
    },
  };
}

const without = (id: ClientMessageId) => (entries: readonly Outgoing[]) =>
  entries.filter((entry) => entry.clientMessageId !== id);

const upsert = (entry: Outgoing) => (entries: readonly Outgoing[]) =>
  entries.some((held) => held.clientMessageId === entry.clientMessageId)
    ? entries.map((held) => (held.clientMessageId === entry.clientMessageId ? entry : held))
    : [...entries, entry];
