import type { ChatId, UserId } from '@parley/domain';
import { auditQueries, newUserId, type QueryAudit } from '@parley/testing';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createChatWorld, openChat, send, type ChatWorld } from '../../chat-instance.fixture.ts';
import { openDatabase } from '../../database.ts';
import { fillChat, openWorldDatabase } from '../../fill-chat.fixture.ts';
import { createMembers } from '../chats/members.ts';
import { createSearchMessages, type SearchMessages } from './search-messages.ts';

const LONG = 100_000;
const SHORT = 100;

let world: ChatWorld;
let audit: QueryAudit;
let client: MongoClient;
let searchMessages: SearchMessages;
let caller: UserId;
const chats = new Map<number, ChatId>();
beforeAll(async () => {
  world = await createChatWorld();
  const api = await world.start();
  const ada = await world.person();
  caller = ada.id;
  const direct = openWorldDatabase(world);
  for (const count of [LONG, SHORT]) {
    const chatId = await openChat(api, ada, await world.person());
    // Some words in every message, some in one of seven or fifty, one in a single message at the very beginning, thirty in one message each.
    const own = (seq: number) => (seq > 20 && seq <= 50 ? ` single${seq}` : '');
    const textOf = (seq: number) =>
      `every message ${seq === 5 ? 'needle' : 'hay'} word${seq % 7} of all topic${seq % 50}${own(seq)}`;
    await fillChat(direct.database, { chatId, senderId: newUserId(), count, textOf });
    chats.set(count, chatId);
  }
  await direct.client.close();
  audit = await auditQueries({ uri: world.engines.mongoUri, database: world.engines.database });
  client = new MongoClient(audit.uri);
  const database = openDatabase(client.db(world.engines.database));
  searchMessages = createSearchMessages({ ...database, members: createMembers(database) });
  await send(api, ada, chats.get(SHORT) as ChatId, 'the end');
}, 180_000);
afterAll(async () => {
  await client.close();
  await audit.close();
  await world.dispose();
});

/** How many documents a search reads, and what it finds first. */
const examine = async (count: number, q: string, limit: number) => {
  const chatId = chats.get(count) as ChatId;
  audit.take();
  const { messages, nextCursor } = await searchMessages(caller, { q, chatId, limit, cursor: undefined });
  const queries = audit.take();
  for (const { plan } of queries.filter(({ command }) => command['find'] === 'messages')) {
    expect(plan).toMatch(/IXSCAN\(chatId_1_(words_1_seq_-1|seq_1)\)/);
    expect(plan).not.toContain('SORT');
  }
  const docs = queries.reduce((sum, { docsExamined }) => sum + docsExamined, 0);
  const keys = queries.reduce((sum, { keysExamined }) => sum + keysExamined, 0);
  return { queries: queries.length, docs, keys, found: messages.map(({ seq }) => seq), nextCursor };
};

it.each([
  ['one word', 'hay', 20],
  ['a prefix of several words', 'word', 20],
  ['two words', 'hay word3', 10],
  ['a rare word beside words that all have', 'every needle', 20],
  ['a rare word beside a prefix of many', 'needle word', 20],
  ['a word that nobody has', 'every nowhere', 20],
  ['a prefix of fifty words, which are everywhere', 'topic', 20],
  ['a prefix of thirty words, which are in one message each', 'single', 20],
])('reads no more of 100,000 messages than of 100 for %s', async (_, q, limit) => {
  const [long, short] = [await examine(LONG, q, limit), await examine(SHORT, q, limit)];
  expect(long.found.length).toBe(short.found.length);
  expect(long.queries).toBeLessThanOrEqual(short.queries * 1.5);
  // Besides the samples that tell a rare word from a common one.
  expect(long.docs).toBeLessThanOrEqual(Math.max(short.docs * 1.5, 200));
  expect(long.keys).toBeLessThanOrEqual(Math.max(short.keys * 1.5, 400));
});

it('finds the one message at the beginning, and stops where two common words never meet', async () => {
  expect((await examine(LONG, 'every needle', 20)).found).toEqual([5]);
  const never = await examine(LONG, 'word1 word2', 20);
  expect(never.found).toEqual([]);
  expect(never.nextCursor).not.toBeNull();
  expect(never.docs).toBeLessThanOrEqual(1_500);
});
