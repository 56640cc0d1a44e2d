import { chatsAnswer, mediaAnswer, type Message } from '@parley/contracts';
import type { ChatId, UploadId } from '@parley/domain';
import {
  auditQueries,
  eventually,
  newClientMessageId,
  wasteful,
  type AuditedQuery,
  type QueryAudit,
} from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createBrokerPeers,
  createChatWorld,
  edit,
  get,
  openChat,
  post,
  react,
  remove,
  send,
  type ChatWorld,
  type Instance,
  type Person,
} from './chat-instance.fixture.ts';
import { openWorldDatabase } from './fill-chat.fixture.ts';

const CHATS = 20;
const MESSAGES = 50;

/** Every query of chat-api, explained as it runs on 1,000 messages in 20 chats: none reads more than twice what it returns. */
describe('the queries of chat-api', () => {
  let world: ChatWorld;
  let audit: QueryAudit;
  let api: Instance;
  let peers: Awaited<ReturnType<typeof createBrokerPeers>>;
  let ada: Person;
  let others: Person[];
  let chats: ChatId[];

  beforeAll(async () => {
    world = await createChatWorld();
    const { mongoUri, database, rabbitUrl } = world.engines;
    audit = await auditQueries({ uri: mongoUri, database });
    const env = { SEND_RATE_PER_SECOND: 100_000 };
    const filling = await world.start({ env });
    [ada, ...others] = (await Promise.all(Array.from({ length: CHATS + 1 }, () => world.person()))) as [
      Person,
      ...Person[],
    ];
    chats = await Promise.all(others.map((other) => openChat(filling, ada, other)));
    await Promise.all(chats.map((chatId, i) => converse(filling, chatId, ada, others[i] as Person)));
    // One after the other: the list of chats is by time, and people don't write within one millisecond.
    for (const chatId of chats) await send(filling, ada, chatId, 'the last one');
    await illustrate(world, chats[1] as ChatId);
    await filling.stop();
    api = await world.start({ env: { ...env, MONGO_URI: audit.uri } });
    peers = await createBrokerPeers(rabbitUrl);
    await eventually(() => peers.rpc.call('chat.authorize', { callerId: ada.id, chatId: chats[0] as ChatId }));
    audit.take();
  }, 120_000);
  afterAll(async () => {
    await peers.close();
    await world.dispose();
    await audit.close();
  });

  const chat = (i: number): ChatId => chats[i] as ChatId;
  const other = (i: number): Person => others[i] as Person;

  const cases: [string, () => Promise<unknown>][] = [
    ['the list of chats, page by page', pages],
    ['a chat that is there', () => post(api, '/api/v1/chat/new', { userId: other(3).id }, ada)],
    ['a new chat', async () => openChat(api, ada, await world.person())],
    ['the newest messages', () => get(api, `/api/v1/chat/message/${chat(1)}?limit=50`, ada)],
    ['older messages', () => get(api, `/api/v1/chat/message/${chat(1)}?before=40&limit=20`, ada)],
    ['newer messages', () => get(api, `/api/v1/chat/message/${chat(1)}?after=20&limit=20`, other(1))],
    ['a message, and the same again', () => sendTwice(api, ada, chat(2))],
    ['an answer', () => send(api, other(2), chat(2), 'yes', { replyToSeq: 20 })],
    ['a change, reactions and a deletion', () => changes(api, other(4), chat(4))],
    ['delivered, twice', () => marks('delivered')],
    ['seen, twice', () => marks('seen')],
    ['a chat for the gateway', () => peers.rpc.call('chat.authorize', { callerId: ada.id, chatId: chat(6) })],
    ['a chat as it is shown, much of it unread', () => peers.rpc.call('chat.present', { callerId: ada.id, chatId: chat(7) })],
    ['heads', () => peers.rpc.call('chat.heads', { callerId: ada.id, chatIds: chats })],
    ['the newest pictures', () => pictures(1, '?limit=2', [41, 31])],
    ['older pictures, fewer than asked for', () => pictures(1, '?before=30&limit=40', [21, 11, 1])],
    ['newer pictures', () => pictures(1, '?after=11&limit=2', [31, 21])],
    ['the pictures of a chat without any', () => pictures(9, '', [])],
    ['a search of all chats', () => search('q=mess&limit=20', 20)],
    ['a search for what nobody wrote', () => search('q=nowhere', 0)],
    ['all that a new device has not', () => sync({})],
    ['what changed of some chats, and the others whole', () => sync(Object.fromEntries(chats.slice(0, 10).map((id) => [id, 40])))],
    ['nothing new of any chat', () => sync(Object.fromEntries(chats.map((id) => [id, 1_000])))],
    ['nothing new, and a chat of others', () => sync({ [chat(3)]: 1_000, [newClientMessageId()]: 5 })],
    ['somebody who blocks, and hides what they read', told],
    ['a foreign chat', () => get(api, `/api/v1/chat/message/${chat(8)}`, other(9))],
  ]; // prettier-ignore

  async function pages(): Promise<void> {
    let cursor: string | null = '';
    for (let n = 0; cursor !== null; n += 1) {
      const path = `/api/v1/chat/all?limit=4${cursor ? `&cursor=${cursor}` : ''}`;
      const page: { nextCursor: string | null } = chatsAnswer.parse((await get(api, path, ada)).body);
      cursor = page.nextCursor;
      expect(n).toBeLessThan(CHATS);
    }
  }
  async function search(query: string, count: number): Promise<void> {
    const { status, body } = await get(api, `/api/v1/chat/search?${query}`, ada);
    expect([status, (body as { messages: unknown[] }).messages.length]).toEqual([200, count]);
  }
  async function sync(cursors: Record<string, number>): Promise<void> {
    expect((await post(api, '/api/v1/chat/sync', { cursors }, ada)).status).toBe(200);
  }
  const countedPrivacy = async (): Promise<number> => {
    const { client, database } = openWorldDatabase(world);
    const count = await database.privacy.countDocuments({ readReceipts: false });
    await client.close();
    return count;
  };
  async function told(): Promise<void> {
    const [at, version] = [new Date().toISOString(), 1] as const;
    const [userId, blockedUserId] = [ada.id, other(12).id];
    const tell = (event: object) => peers.userEvents.publish({ id: newClientMessageId(), version, at, ...event } as never);
    const shown = { username: 'x', displayName: 'X', bio: '', avatarUrl: null, privacyChanged: true };
    const privacy = { lastSeen: 'nobody', readReceipts: false };
    await tell({ type: 'user.updated', payload: { userId: other(13).id, ...shown, privacy } });
    await tell({ type: 'user.blocked', payload: { userId, blockedUserId } });
    await eventually(async () => expect((await send(api, ada, chat(12), 'hello')).status).toBe(403));
    await eventually(async () => expect(await countedPrivacy()).toBe(1));
  } // prettier-ignore
  async function marks(kind: string): Promise<void> {
    for (const seq of [20, 45]) await post(api, `/api/v1/chat/${kind}`, { chatId: chat(5), seq }, ada);
  }

  async function pictures(i: number, query: string, seqs: number[]): Promise<void> {
    const { messages } = mediaAnswer.parse((await get(api, `/api/v1/chat/media/${chat(i)}${query}`, ada)).body);
    expect(messages.map(({ seq }) => seq)).toEqual(seqs);
  }

  it.each(cases)('%s', async (_, run) => {
    await run();
    // What is told after the answer belongs to it.
    await eventually(async () => expect((await get(api, '/health/ready')).status).toBe(200));
    const queries = audit.take();
    expect(wasteful(queries)).toEqual([]);
  });

  it('a search for several words, besides the samples that tell how rare each is: 32 messages a word', async () => {
    await search(`q=people last&chatId=${chat(4)}`, 0);
    const isSample = ({ command, docsExamined }: AuditedQuery) => Number(command['skip']) === 31 && docsExamined <= 32;
    const queries = audit.take();
    expect(queries.filter(isSample).length).toBeGreaterThan(0);
    expect(wasteful(queries.filter((query) => !isSample(query)))).toEqual([]);
  });

  it('the outbox and its sweeps', async () => {
    const before = peers.events.length;
    for (let i = 0; i < 10; i += 1) expect((await send(api, ada, chat(14 + (i % 3)), `told ${i}`)).status).toBe(201);
    await eventually(() => expect(peers.events.length).toBeGreaterThanOrEqual(before + 10));
    const isSweep = ({ command }: AuditedQuery) => 'find' in command && 'outbox.at' in (command['filter'] as object);
    expect(wasteful(await audit.takeUntil(isSweep))).toEqual([]);
    const isClearing = ({ command }: AuditedQuery) => 'update' in command && JSON.stringify(command).includes('$unset');
    await send(api, ada, chat(14), 'and one more');
    expect(wasteful(await audit.takeUntil(isClearing))).toEqual([]);
  });
});

/** One of the two writes most of it, and nobody reads. */
async function converse(api: Instance, chatId: ChatId, one: Person, two: Person): Promise<void> {
  for (let i = 0; i < MESSAGES; i += 1) {
    const { status } = await send(
      api,
      i % 10 === 0 ? two : one,
      chatId,
      `message ${i} of some length, as people write`,
    );
    expect(status).toBe(201);
  }
}

/** Every tenth message of a chat gets a picture. */
async function illustrate(world: ChatWorld, chatId: ChatId): Promise<void> {
  const { client, database } = openWorldDatabase(world);
  const image = {
    uploadId: newClientMessageId() as unknown as UploadId,
    width: 4,
    height: 3,
    bytes: 5,
    contentType: 'image/png' as const,
    blurhash: 'L00000fQfQfQfQfQfQfQfQfQfQfQ',
    keys: { full: 'full/x', thumb: 'thumb/x' },
  };
  const seq = { $in: [1, 11, 21, 31, 41] };
  await database.messages.updateMany({ chatId, seq }, { $set: { image } });
  await client.close();
}

async function sendTwice(api: Instance, as: Person, chatId: ChatId): Promise<void> {
  const clientMessageId = newClientMessageId();
  for (const status of [201, 200])
    expect((await send(api, as, chatId, 'once', { clientMessageId })).status).toBe(status);
}

async function changes(api: Instance, as: Person, chatId: ChatId): Promise<void> {
  const { id } = ((await send(api, as, chatId, 'frist')).body as { message: Message }).message;
  expect((await edit(api, as, id, 'first')).status).toBe(200);
  expect((await react(api, as, id, '👍')).status).toBe(200);
  expect((await react(api, as, id, '👍', 'DELETE')).status).toBe(200);
  expect((await remove(api, as, id)).status).toBe(200);
}
