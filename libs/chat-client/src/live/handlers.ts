import type { ChatId, UserId } from '@parley/domain';
import type { MarksById } from '@parley/contracts';
import { withChats, withMarks, withPresence, withReceived, type ClientStore } from '../chat/client-state.ts';
import type { Log } from '../ports.ts';
import type { ServerEventHandlers } from './connection.ts';
import type { TypingSigns } from './typing.ts';

/** What each push does. None is believed blindly: a message that doesn't join on only says that there is something to fetch. */
export function handlersOf(o: {
  store: ClientStore;
  signs: TypingSigns;
  /** Fetches the list and what is missing of every chat. */
  catchUp(): Promise<void>;
  /** Fetches what is now known to be missing, and acknowledges what has come. */
  heal(): void;
  onReady(): void;
  onRevoked(): void;
  log: Log;
}): ServerEventHandlers {
  const { store } = o;
  const marked = (chatId: ChatId, userId: UserId, marks: { delivered: number; seen: number }) => {
    const change: MarksById = { [userId]: marks };
    store.setState(withMarks(chatId, change));
  };
  const catchUp = () => void o.catchUp().catch((error: unknown) => o.log.info('the next comparison will tell', error));
  return {
    ready: o.onReady,
    'sync:required': catchUp,
    drain: () => undefined,
    'session:revoked': o.onRevoked,
    message: ({ message }) => {
      o.signs.show(message.chatId, false);
      if (store.getState().chats[message.chatId] === undefined) {
        catchUp();
        return;
      }
      store.setState(withReceived(message));
      o.heal();
    },
    'message:updated': ({ message }) => store.setState(withReceived(message)),
    'message:delivered': ({ chatId, userId, seq }) => marked(chatId, userId, { delivered: seq, seen: 0 }),
    'message:seen': ({ chatId, userId, seq }) => marked(chatId, userId, { delivered: seq, seen: seq }),
    'chat:created': ({ chat }) => {
      store.setState(withChats([chat]));
      catchUp();
    },
    typing: ({ chatId, userId, typing }) => {
      if (userId !== store.getState().me) o.signs.show(chatId, typing);
    },
    'user:online': ({ userId }) => store.setState(withPresence({ [userId]: { online: true, lastSeenAt: null } })),
    'user:offline': ({ userId, lastSeenAt }) =>
      store.setState(withPresence({ [userId]: { online: false, lastSeenAt } })),
  };
}
