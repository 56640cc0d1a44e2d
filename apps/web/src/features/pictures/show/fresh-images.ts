import type { ChatClient } from '@parley/chat-client';
import type { Message, MessageImage } from '@parley/contracts';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** Pictures as they were read again, by the ids of their messages: a URL that was good when its message came expires. */
export type FreshImages = StoreApi<Readonly<Record<string, MessageImage>>>;

type Shelf = { images: FreshImages; reading: Map<string, Promise<unknown>> };

const AT_ONCE = 50;
/** Of one client each, so that nobody's pictures outlive their session. */
const shelves = new WeakMap<ChatClient, Shelf>();

function shelfOf(client: ChatClient): Shelf {
  const held = shelves.get(client) ?? { images: createStore(() => ({})), reading: new Map() };
  shelves.set(client, held);
  return held;
}

export const freshImages = (client: ChatClient): FreshImages => shelfOf(client).images;

/** Puts away what a page of messages brought. */
export const keepFresh = (client: ChatClient, messages: readonly Message[]): void =>
  freshImages(client).setState(
    Object.fromEntries(messages.flatMap(({ id, image }) => (image === null ? [] : [[id, image]]))),
  );

/**
 * The picture of a message with other URLs than the ones that failed, or with the same where those are still what the server gives; undefined where the
 * message has no picture any more. Many that ask at once, as all the pictures on a screen do, are served by one request. Rejects where it fails.
 */
export function readAgain(
  client: ChatClient,
  { id, chatId, seq }: Pick<Message, 'id' | 'chatId' | 'seq'>,
  failed: MessageImage,
): Promise<MessageImage | undefined> {
  const { images, reading } = shelfOf(client);
  const read = async () => {
    const held = images.getState()[id];
    if (held !== undefined && held.thumbUrl !== failed.thumbUrl) return held;
    const { messages } = await client.media(chatId, { before: seq + 1, limit: AT_ONCE });
    keepFresh(client, messages);
    return messages.find((message) => message.id === id)?.image ?? undefined;
  };
  const mine = (reading.get(chatId) ?? Promise.resolve()).then(read, read);
  reading.set(chatId, mine);
  return mine;
}
