import { createHash, randomUUID } from 'node:crypto';
import {
  createTokenIssuer,
  generatePrivateKeyPem,
  staticKeySource,
  verifyAccessToken,
  type TokenIssuer,
} from '@parley/auth-tokens';
import type { BrokerEvent, BrokerEventOf, BrokerEventType, Message, PresenceById } from '@parley/contracts';
import { EXCHANGE_OF, EXCHANGES } from '@parley/contracts';
import { GENESIS_HASH, PRESENCE_TTL_MS } from '@parley/domain';
import type { ChatId, SessionId, UserId } from '@parley/domain';
import { connectRabbit, createPublisher, RpcError, serveRpc, type Rabbit } from '@parley/rabbitmq';
import { connectRedis, createPresenceStore, createSessionStore, type PresenceStore, type Redis } from '@parley/redis';
import { createLogger } from '@parley/service-kit';
import { createTcpProxy, createTestEngines, newChatId, newSessionId, newUserId } from '@parley/testing';
import type { TcpProxy } from '@parley/testing';

export const silent = createLogger({ service: 'spec', level: 'silent' });

type StoredChat = { members: [UserId, UserId]; messages: Message[] };

/** The rest of Parley as a gateway meets it: the real broker and Redis, and small services that answer its commands. */
export type World = {
  /** URLs through proxies that a test can cut. */
  rabbitUrl: string;
  redisUrl: string;
  /** Past the proxy. */
  rabbitUrlDirect: string;
  keyPrefix: string;
  rabbitProxy: TcpProxy;
  redisProxy: TcpProxy;
  verify: ReturnType<typeof verifyAccessToken>;
  sessions: ReturnType<typeof createSessionStore>;
  issuer: TokenIssuer;
  presence: PresenceStore;
  /** Whom user-api shows to nobody. */
  hidden: Set<UserId>;
  chats: Map<ChatId, StoredChat>;
  openChat(a: UserId, b: UserId): ChatId;
  publish<T extends BrokerEventType>(type: T, payload: BrokerEventOf<T>['payload']): Promise<void>;
  /** A session that lives, and its access token. */
  signIn(userId?: UserId): Promise<{ userId: UserId; sessionId: SessionId; token: string }>;
  dispose(): Promise<void>;
};

export async function createWorld(): Promise<World> {
  const engines = await createTestEngines({ rabbit: true, redis: true });
  const rabbit = connectRabbit({ url: engines.rabbitUrl, name: 'spec-services', logger: silent });
  const redis = connectRedis({
    url: engines.redisUrl,
    keyPrefix: engines.redisKeyPrefix,
    name: 'spec-services',
    logger: silent,
  });
  const [rabbitProxy, redisProxy] = await Promise.all([proxyTo(engines.rabbitUrl), proxyTo(engines.redisUrl)]);
  const issuer = await createTokenIssuer({
    privateKeyPem: await generatePrivateKeyPem(),
    issuer: 'parley',
    audience: 'parley',
  });
  const sessions = createSessionStore(redis);
  const publishers = new Map(EXCHANGES.map((exchange) => [exchange, createPublisher(rabbit, { exchange })]));
  const chats: World['chats'] = new Map();
  const hidden = new Set<UserId>();

  const publish: World['publish'] = async (type, payload) => {
    const event = { id: `${type}:${randomUUID()}`, type, version: 1, at: new Date().toISOString(), payload };
    await publishers.get(EXCHANGE_OF[type])?.publish(event as BrokerEvent);
  };
  const services = await serve(rabbit, redis, { chats, hidden, publish });

  return {
    rabbitUrl: through(engines.rabbitUrl, rabbitProxy),
    rabbitUrlDirect: engines.rabbitUrl,
    redisUrl: through(engines.redisUrl, redisProxy),
    keyPrefix: engines.redisKeyPrefix,
    rabbitProxy,
    redisProxy,
    verify: verifyAccessToken({
      keys: staticKeySource(issuer.jwks()),
      issuer: 'parley',
      audience: 'parley',
      isSessionLive: sessions.isLive,
    }),
    sessions,
    issuer,
    presence: createPresenceStore(redis, { ttlMs: PRESENCE_TTL_MS }),
    hidden,
    chats,
    openChat: (a, b) => {
      const id = newChatId();
      chats.set(id, { members: a < b ? [a, b] : [b, a], messages: [] });
      return id;
    },
    publish,
    signIn: async (userId = newUserId()) => {
      const sessionId = newSessionId();
      await sessions.put(sessionId, userId, 600);
      return { userId, sessionId, token: (await issuer.issue(userId, sessionId)).accessToken };
    },
    dispose: async () => {
      await Promise.all(services.map((service) => service.close()));
      await Promise.all([rabbit.close(), redis.close()]);
      await Promise.all([rabbitProxy.close(), redisProxy.close()]);
      await engines.dispose();
    },
  };
}

const through = (url: string, proxy: TcpProxy): string => {
  const proxied = new URL(url);
  proxied.hostname = '127.0.0.1';
  proxied.port = String(proxy.port);
  return proxied.href;
};

const proxyTo = (url: string): Promise<TcpProxy> => {
  const { hostname, port } = new URL(url);
  return createTcpProxy({ target: { host: hostname, port: Number(port) } });
};

/** chat-api and user-api, as far as the commands go: memory instead of MongoDB, the same refusals. */
async function serve(rabbit: Rabbit, redis: Redis, o: Pick<World, 'chats' | 'hidden' | 'publish'>) {
  const mine = (callerId: UserId, chatId: ChatId): StoredChat => {
    const chat = o.chats.get(chatId);
    if (!chat?.members.includes(callerId)) throw new RpcError('chat_not_found', 'there is no such chat');
    return chat;
  };
  const headOf = ({ messages }: StoredChat) => ({
    seq: messages.length,
    rev: messages.length,
    hash: messages.at(-1)?.hash ?? GENESIS_HASH,
    marks: {},
  });
  const onError = (error: unknown) =>
    error instanceof RpcError
      ? { code: error.code, detail: error.message }
      : { code: 'internal_error' as const, detail: String(error) };
  const mark = async (callerId: UserId, chatId: ChatId, seq: number, kind: 'delivered' | 'seen') => {
    const { members } = mine(callerId, chatId);
    const marks = { delivered: seq, seen: kind === 'seen' ? seq : 0 };
    await o.publish('receipt.updated', { members, chatId, userId: callerId, kind, seq, hash: GENESIS_HASH, marks });
    return { marks: { [callerId]: marks } };
  };

  const chat = serveRpc(rabbit, {
    queue: 'chat.commands',
    onError,
    handlers: {
      'chat.authorize': async ({ callerId, chatId }) => {
        const found = mine(callerId, chatId);
        return { members: found.members, head: headOf(found) };
      },
      'chat.present': async ({ callerId, chatId }) => {
        const { members, messages } = mine(callerId, chatId);
        const now = new Date().toISOString();
        const last = messages.at(-1) ?? null;
        const rest = { lastSeq: messages.length, lastRev: messages.length, lastMessage: last, unread: 0, marks: {} };
        return { chat: { id: chatId, members, ...rest, createdAt: now, updatedAt: now } };
      },
      'chat.sendMessage': async ({ callerId, chatId, clientMessageId, text = '' }) => {
        const found = mine(callerId, chatId);
        const message = newMessage(found, { chatId, senderId: callerId, clientMessageId, text });
        found.messages.push(message);
        await o.publish('message.created', { members: found.members, message });
        return { message };
      },
      'chat.markDelivered': ({ callerId, chatId, seq }) => mark(callerId, chatId, seq, 'delivered'),
      'chat.markSeen': ({ callerId, chatId, seq }) => mark(callerId, chatId, seq, 'seen'),
      'chat.heads': async ({ callerId, chatIds }) => ({
        heads: Object.fromEntries(
          chatIds.flatMap((id) => {
            const found = o.chats.get(id);
            return found?.members.includes(callerId) ? [[id, headOf(found)]] : [];
          }),
        ),
      }),
    },
  });
  const store = createPresenceStore(redis, { ttlMs: PRESENCE_TTL_MS });
  const user = serveRpc(rabbit, {
    queue: 'user.commands',
    onError,
    handlers: {
      'user.avatarsShown': () => Promise.resolve({ uploadIds: [] }),
      'user.presence': async ({ userIds }): Promise<{ presence: PresenceById }> => ({
        presence: await store.online(userIds.filter((id) => !o.hidden.has(id))),
      }),
    },
  });
  await Promise.all([chat.ready(), user.ready()]);
  return [chat, user];
}

type NewMessage = Pick<Message, 'chatId' | 'senderId' | 'clientMessageId'> & { text: string };

export function newMessage({ messages }: StoredChat, o: NewMessage): Message {
  const seq = messages.length + 1;
  return {
    ...o,
    id: randomUUID() as Message['id'],
    seq,
    rev: seq,
    image: null,
    replyToSeq: null,
    reactions: [],
    createdAt: new Date().toISOString(),
    editedAt: null,
    deletedAt: null,
    prevHash: messages.at(-1)?.hash ?? GENESIS_HASH,
    bodyHash: GENESIS_HASH,
    hash: createHash('sha256').update(`${o.chatId}:${seq}`).digest('hex'),
  };
}
