import { createHash } from 'node:crypto';
import {
  authorized,
  createExchange,
  cursorOf,
  startChatClient,
  systemRuntime,
  type ChatClient,
} from '@parley/chat-client';
import type { ChatId } from '@parley/domain';
import { io } from 'socket.io-client';
import { preparePairs } from './prepare-chats.ts';

/** Many devices of a few people: some with the client that the app has, the others nothing but a socket that comes back as slowly. */
export type Crowd = {
  chatIds: readonly ChatId[];
  count(): { live: number; sockets: number };
  /** Opens the chat on every device: from then on each keeps it exact. */
  openChats(): Promise<void>;
  /** Milliseconds from now at which each device that is away is live again. */
  watchReturns(): number[];
  /** Sends a message from each person's first device; settles when all are acknowledged. */
  everybodySays(text: string): Promise<void>;
  /** The smallest `seq` up to which any device of the chat has everything. */
  cursor(chatId: ChatId): number;
  close(): void;
};

const silent = { info: () => undefined, error: () => undefined };

export async function gatherCrowd(o: {
  base: string;
  pairs: number;
  devices: number;
  sockets: number;
}): Promise<Crowd> {
  const plans = await preparePairs([o.base], o.pairs);
  const people = plans.flatMap(({ chatId, people: pair, sessions }) =>
    pair.flatMap(({ userId }, member) => {
      const session = sessions[member]?.[0];
      return session ? [{ chatId, userId, session }] : [];
    }),
  );
  const devices: { chatId: ChatId; client: ChatClient }[] = [];
  for (let index = 0; index < o.devices; index += 1) {
    const { chatId, userId, session } = people[index % people.length]!;
    const token = async () => session.token();
    const client = startChatClient({
      me: userId,
      exchange: authorized(createExchange(o.base, fetch), token),
      socketUrl: o.base,
      accessToken: token,
      runtime: { ...systemRuntime, log: silent },
      sha256: (text) => createHash('sha256').update(text).digest('hex'),
    });
    devices.push({ chatId, client });
    // A crowd comes, too, but not within one tick of a clock.
    if (index % 25 === 24) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const sockets = Array.from({ length: o.sockets }, (_, index) =>
    io(o.base, {
      auth: { token: people[index % people.length]!.session.token() },
      transports: ['websocket'],
      forceNew: true,
      ...{ reconnectionDelay: 7_000, reconnectionDelayMax: 14_000, randomizationFactor: 0.93 },
    }),
  );
  const isLive = ({ client }: { client: ChatClient }) => client.store.getState().connection === 'live';
  return {
    chatIds: plans.map(({ chatId }) => chatId),
    count: () => ({
      live: devices.filter(isLive).length,
      sockets: sockets.filter(({ connected }) => connected).length,
    }),
    openChats: async () => void (await Promise.all(devices.map(({ chatId, client }) => client.load(chatId)))),
    watchReturns: () => {
      const startedAt = performance.now();
      const returns: number[] = [];
      for (const { client } of devices) {
        client.store.subscribe((state, before) => {
          if (state.connection === 'live' && before.connection !== 'live') returns.push(performance.now() - startedAt);
        });
      }
      return returns;
    },
    everybodySays: async (text) => {
      await Promise.all(
        devices.slice(0, people.length).map(
          ({ chatId, client }) =>
            new Promise<void>((resolve) => {
              const id = client.send(chatId, { text });
              client.on((event) => event.type === 'stored' && event.message.clientMessageId === id && resolve());
            }),
        ),
      );
    },
    cursor: (chatId) => {
      const cursors = devices
        .filter((device) => device.chatId === chatId)
        .map(({ client }) => client.store.getState().chats[chatId])
        .map((chat) => (chat ? cursorOf(chat.timeline) : 0));
      return Math.min(...cursors);
    },
    close: () => {
      for (const { client } of devices) client.close();
      for (const socket of sockets) socket.disconnect();
    },
  };
}
