import { messagesAnswer, syncAnswer, type Message, type SyncedChat } from '@parley/contracts';
import { memberPair, pairKey, type ChatId } from '@parley/domain';
import { eventually, newChatId, newUserId } from '@parley/testing';
import type { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  edit,
  get,
  openChat,
  post,
  react,
  remove,
  send,
  type Instance,
  type Person,
} from '../../chat-instance.fixture.ts';
import type { Database } from '../../database.ts';
import { createFaultWorld, type FaultWorld } from '../../fault-world.fixture.ts';
import { fillChat, openWorldDatabase } from '../../fill-chat.fixture.ts';
import { createMessagePresenter } from '../messages/present-message.ts';
import { createHeads } from '../messages/heads.ts';
import { createPrivacy } from '../privacy/privacy.ts';
import { createSyncChats } from './sync-chats.ts';

type Cursors = Record<string, number>;

let faults: FaultWorld;
let client: MongoClient;
let database: Database;
beforeAll(async () => {
  faults = await createFaultWorld();
  ({ client, database } = openWorldDatabase(faults.world));
});
afterAll(async () => {
  await client.close();
  await faults.dispose();
});

const filled = async (as: Person, count: number): Promise<ChatId> => {
  const chatId = await openChat(faults.api, as, await faults.world.person());
  await fillChat(database, { chatId, senderId: as.id, count, textOf: (seq) => `message ${seq}` });
  return chatId;
};
/** Chats in which nothing was said, the one that was active last at the end. */
async function emptyChats(as: Person, count: number): Promise<ChatId[]> {
  const chats = Array.from({ length: count }, (_, n) => {
    const members = memberPair(as.id, newUserId());
    const last = { at: new Date(n), seq: 0, rev: 0, message: null };
    const mine = { pairKey: pairKey(members), members, createdBy: as.id, createdAt: new Date(), marks: {} };
    return { ...mine, _id: newChatId(), lastSeq: 0, lastRev: 0, last };
  });
  await database.chats.insertMany(chats);
  return chats.map(({ _id }) => _id);
}
const sync = async (as: Person, cursors: Cursors, api: Instance = faults.api): Promise<SyncedChat[]> => {
  const { status, body } = await post(api, '/api/v1/chat/sync', { cursors }, as);
  expect({ status, body }).toMatchObject({ status: 200 });
  return syncAnswer.parse(body).chats;
};
const fresh = async (as: Person, chatId: ChatId): Promise<Message[]> => {
  const messages: Message[] = [];
  for (;;) {
    const { body } = await get(faults.api, `/api/v1/chat/message/${chatId}?limit=200&after=${messages.length}`, as);
    const page = messagesAnswer.parse(body);
    messages.push(...page.messages);
    if (!page.hasMore) return messages;
  }
};

/** A client that keeps what sync brings, by the rules of the protocol. */
function createClient(as: Person) {
  const cursors: Cursors = {};
  const messages = new Map<string, Message>();
  const take = ({ id, head, messages: changed, hasMore }: SyncedChat): void => {
    const revs = changed.map(({ rev }) => rev);
    expect(revs).toEqual([...revs].sort((a, b) => a - b));
    for (const message of changed) {
      expect(message.rev).toBeGreaterThan(cursors[id] ?? 0);
      messages.set(message.id, message);
    }
    cursors[id] = hasMore ? (revs.at(-1) ?? cursors[id] ?? 0) : head.rev;
  };
  return {
    cursors,
    /** One page; whether there is more. */
    page: async (api?: Instance): Promise<boolean> => {
      const chats = await sync(as, cursors, api);
      chats.forEach(take);
      return chats.some(({ hasMore }) => hasMore);
    },
    of: (chatId: ChatId) => [...messages.values()].filter((one) => one.chatId === chatId).sort((a, b) => a.seq - b.seq),
  };
}

describe('POST /api/v1/chat/sync', { timeout: 60_000 }, () => {
  it('ends with what a fresh client would load, whatever is changed while it pages', async () => {
    const ada = await faults.world.person();
    const chatIds = [await filled(ada, 450), await filled(ada, 450)];
    const known = await Promise.all(chatIds.map((chatId) => fresh(ada, chatId)));
    let seed = 42;
    const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below;
    const anywhere = () => (random(2) ? faults.api : faults.other);
    const change = () => {
      const [chat, api] = [random(2), anywhere()];
      const { id = '' } = known[chat]?.[random(450)] ?? {};
      if (random(4) === 0) return send(api, ada, chatIds[chat] as ChatId, `new ${random(1_000)}`);
      if (random(4) === 0) return remove(api, ada, id);
      return random(2) ? edit(api, ada, id, `edit ${random(1_000)}`) : react(api, ada, id, random(2) ? '👍' : '🎉');
    };
    const device = createClient(ada);
    let isPaging = true;
    const writing = (async () => {
      while (isPaging) await Promise.all([change(), change()]);
    })();
    for (let pages = 0; pages < 20; pages += 1) await device.page(anywhere());
    isPaging = false;
    await writing;
    // What was missed once would be missed for ever: the device goes on from its cursors.
    await eventually(async () => {
      while (await device.page());
      for (const chatId of chatIds) expect(device.of(chatId)).toEqual(await fresh(ada, chatId));
    });
  });

  it('brings each changed message once, as it is now, and nothing else', async () => {
    const { ada, bob, chatId } = await faults.chatOfTwo();
    for (const text of ['one', 'two', 'three']) await send(faults.api, ada, chatId, text);
    const [one, , three] = (await fresh(ada, chatId)) as [Message, Message, Message];
    await edit(faults.api, ada, one.id, 'won');
    await edit(faults.api, ada, one.id, 'One');
    await remove(faults.api, ada, three.id);
    await post(faults.api, '/api/v1/chat/seen', { chatId, seq: 2 }, bob);
    const expected = await fresh(bob, chatId);
    await eventually(async () => {
      const [chat, ...others] = await sync(bob, { [chatId]: 3 });
      expect(others).toEqual([]);
      expect(chat).toEqual({
        id: chatId,
        head: { seq: 3, rev: 6, hash: three.hash },
        marks: { [ada.id]: { delivered: 0, seen: 0 }, [bob.id]: { delivered: 2, seen: 2 } },
        messages: [expected[0], expected[2]],
        hasMore: false,
      });
    });
    expect(await sync(bob, { [chatId]: 6 })).toMatchObject([{ id: chatId, messages: [], hasMore: false }]);
    expect(await sync(bob, { [chatId]: 99 })).toMatchObject([{ head: { rev: 6 }, messages: [], hasMore: false }]);
    // Not named, it comes whole.
    expect(await sync(bob, {})).toMatchObject([{ id: chatId, messages: [expected[1], expected[0], expected[2]] }]);
  });

  it('leaves out what is not one’s own, and refuses what is no request', async () => {
    const { ada, chatId } = await faults.chatOfTwo();
    const eve = await faults.world.person();
    const own = await openChat(faults.api, eve, await faults.world.person());
    const named = await sync(eve, { [chatId]: 0, [newChatId()]: 0, [own]: 0 });
    expect(named.map(({ id }) => id)).toEqual([own]);
    expect((await post(faults.api, '/api/v1/chat/sync', { cursors: {} })).status).toBe(401);
    const many = Object.fromEntries(Array.from({ length: 201 }, () => [newChatId(), 0]));
    for (const body of [{}, { cursors: { x: 1 } }, { cursors: { [chatId]: { $gt: 0 } } }, { cursors: many }, []])
      expect((await post(faults.api, '/api/v1/chat/sync', body, ada)).status).toBe(400);
  });

  it('shares one answer out: 200 messages a chat, 1,000 in all, the newest activity first, and pages on', async () => {
    const ada = await faults.world.person();
    const chatIds: ChatId[] = [];
    for (let n = 0; n < 7; n += 1) chatIds.unshift(await filled(ada, 201 + n));
    const first = await sync(ada, {});
    expect(first.map(({ id }) => id)).toEqual(chatIds);
    expect(first.map(({ messages }) => messages.length)).toEqual([200, 200, 200, 200, 200, 0, 0]);
    expect(first.every(({ hasMore }) => hasMore)).toBe(true);
    const device = createClient(ada);
    let pages = 1;
    while (await device.page()) pages += 1;
    expect(pages).toBeLessThanOrEqual(4);
    for (const chatId of chatIds) expect(device.of(chatId)).toEqual(await fresh(ada, chatId));
  });

  it('brings 1,000 chats that aren’t named page by page, each once, and those that are named each time', async () => {
    const ada = await faults.world.person();
    const chatIds = (await emptyChats(ada, 999)).toReversed();
    const named = await filled(ada, 3);
    const brought: string[] = [];
    let cursor: string | null | undefined;
    for (let pages = 1; cursor !== null; pages += 1) {
      const request = { cursors: { [named]: 1 }, ...(cursor && { cursor }) };
      const { body } = await post(faults.api, '/api/v1/chat/sync', request, ada);
      const answer = syncAnswer.parse(body);
      expect(answer.chats.length).toBeLessThanOrEqual(200);
      expect(answer.chats[0]).toMatchObject({ id: named, messages: [{ seq: 2 }, { seq: 3 }] });
      brought.push(...answer.chats.slice(1).map(({ id }) => id));
      cursor = answer.nextCursor;
      expect(pages).toBeLessThanOrEqual(6);
    }
    expect(brought).toEqual(chatIds);
    // Nothing that isn't named has room beside 200 that are.
    const full = { cursors: Object.fromEntries(chatIds.slice(0, 200).map((id) => [id, 0])) };
    const { body } = await post(faults.api, '/api/v1/chat/sync', full, ada);
    expect(syncAnswer.parse(body)).toMatchObject({ nextCursor: null, chats: { length: 200 } });
    const foreign = await post(faults.api, '/api/v1/chat/sync', { cursors: {}, cursor: 'x' }, ada);
    expect(foreign).toMatchObject({ status: 400, body: { errors: [{ path: 'body.cursor' }] } });
  });

  it('reads 200 chats that have nothing new in one', async () => {
    const ada = await faults.world.person();
    const chatIds = await emptyChats(ada, 200);
    const present = createMessagePresenter(() => {
      throw new Error('there is no picture here');
    });
    const syncChats = createSyncChats({
      ...database,
      heads: createHeads(database),
      privacy: createPrivacy(database),
      present,
    });
    const request = { cursors: Object.fromEntries(chatIds.map((id) => [id, 0])), cursor: undefined };
    await syncChats(ada.id, request);
    const commands: unknown[] = [];
    client.on('commandStarted', ({ command }) => commands.push(command['find']));
    expect((await syncChats(ada.id, request)).chats).toHaveLength(200);
    expect(commands).toEqual(['chats']);
  });
});
