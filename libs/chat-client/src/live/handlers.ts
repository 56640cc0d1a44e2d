import { withPresence, type ClientStore } from '../chat/client-state.ts';
import type { Log } from '../ports.ts';
import type { Chats } from './chats.ts';
import type { ServerEventHandlers } from './connection.ts';
import type { TypingSigns } from './typing.ts';

/** What each push does. None is believed blindly: a message that doesn't join on only says that there is something to fetch. */
export function handlersOf(o: {
  store: ClientStore;
  chats: Chats;
  signs: TypingSigns;
  log: Log;
  /** Fetches the list and what is missing of every chat. */
  catchUp(): Promise<void>;
  /** Fetches what is now known to be missing. */
  fetch(o: { now: boolean }): void;
  onReady(): void;
  onRevoked(): void;
}): ServerEventHandlers {
  const { store, chats } = o;
  const catchUp = () => void o.catchUp().catch((error: unknown) => o.log.info('the next comparison will tell', error));
  return {
    ready: o.onReady,
    'sync:required': catchUp,
    drain: () => undefined,
    'session:revoked': o.onRevoked,
    message: ({ message }) => {
      o.signs.show(message.chatId, false);
      const chat = store.getState().chats[message.chatId];
      if (chat === undefined) return catchUp();
      chats.hear({ chatId: message.chatId, heard: { type: 'message', message } });
      // A history that isn't held is loaded once something in it waits to be acknowledged.
      if (!chat.timeline.loaded) o.fetch({ now: true });
    },
    'message:updated': ({ message }) => chats.hear({ chatId: message.chatId, heard: { type: 'message', message } }),
    'message:delivered': ({ chatId, ...receipt }) =>
      chats.hear({ chatId, heard: { type: 'receipt', kind: 'delivered', ...receipt } }),
    'message:seen': ({ chatId, ...receipt }) =>
      chats.hear({ chatId, heard: { type: 'receipt', kind: 'seen', ...receipt } }),
    'chat:created': ({ chat }) => {
      chats.hear({ chatId: chat.id, heard: { type: 'listed', chat } });
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
