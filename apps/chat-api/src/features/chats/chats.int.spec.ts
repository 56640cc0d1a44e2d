import type { Chat } from '@parley/contracts';
import { chat as chatSchema, chatsAnswer } from '@parley/contracts';
import { eventually, newChatId, newUserId } from '@parley/testing';
import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { createBrokerPeers, get, openChat, post, send, type ChatWorld } from '../../chat-instance.fixture.ts';
import { useChatApi } from '../../chat-spec.fixture.ts';

const t = useChatApi();

const listed = async (as: Awaited<ReturnType<ChatWorld['person']>>, query = ''): Promise<Chat[]> => {
  const { status, body } = await get(t.api, `/api/v1/chat/all${query}`, as);
  expect(status).toBe(200);
  return (body as { chats: Chat[] }).chats;
};

describe('POST /api/v1/chat/new', () => {
  it('makes the one chat of two people, whoever asks and however often', async () => {
    const [ada, bob] = [await t.world.person(), await t.world.person()];
    const first = await post(t.api, '/api/v1/chat/new', { userId: bob.id }, ada);
    expect(first.status).toBe(201);
    const { chat } = first.body as { chat: Chat };
    expect(chatSchema.parse(chat)).toEqual(chat);
    expect(chat).toMatchObject({ lastSeq: 0, lastRev: 0, lastMessage: null, unread: 0 });
    expect(chat.members).toEqual([ada.id, bob.id].sort());
    expect(chat.marks).toEqual({ [ada.id]: { delivered: 0, seen: 0 }, [bob.id]: { delivered: 0, seen: 0 } });

    for (const [as, other] of [
      [ada, bob],
      [bob, ada],
    ] as const) {
      const again = await post(t.api, '/api/v1/chat/new', { userId: other.id }, as);
      expect(again.status).toBe(200);
      expect(again.body).toEqual({ chat });
    }
  });

  it('makes one chat when both open it at once, on two instances', async () => {
    const other = await t.world.start();
    const [ada, bob] = [await t.world.person(), await t.world.person()];
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        n % 2 === 0
          ? post(t.api, '/api/v1/chat/new', { userId: bob.id }, ada)
          : post(other, '/api/v1/chat/new', { userId: ada.id }, bob),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(9).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => (body as { chat: Chat }).chat.id)).size).toBe(1);
    await other.stop();
  });

  it('refuses oneself, nobody, and what is no request', async () => {
    const ada = await t.world.person();
    const codeOf = async (body: unknown, as?: typeof ada) => {
      const answer = await post(t.api, '/api/v1/chat/new', body, as);
      return [answer.status, (answer.body as { code: string }).code];
    };
    expect(await codeOf({ userId: ada.id }, ada)).toEqual([422, 'cannot_chat_with_self']);
    expect(await codeOf({ userId: newUserId() }, ada)).toEqual([404, 'user_not_found']);
    expect(await codeOf({ userId: 'bob' }, ada)).toEqual([400, 'invalid_request']);
    expect(await codeOf({ userId: { $gt: '' } }, ada)).toEqual([400, 'invalid_request']);
    expect(await codeOf({ userId: newUserId(), role: 'admin' }, ada)).toEqual([400, 'invalid_request']);
    expect(await codeOf({}, ada)).toEqual([400, 'invalid_request']);
    expect(await codeOf({ userId: newUserId() })).toEqual([401, 'unauthorized']);
  });

  it("asks user-api once, with the caller's own token, and is unavailable while it is away", async () => {
    const [ada, bob] = [await t.world.person(), await t.world.person()];
    await openChat(t.api, ada, bob);
    await openChat(t.api, ada, bob);
    expect(t.world.neighbours.asked.filter((ask) => ask.startsWith(bob.id))).toEqual([`${bob.id} Bearer ${ada.token}`]);

    const lonely = await t.world.start({ env: { USER_API_URL: 'http://127.0.0.1:1' } });
    const stranger = await t.world.person();
    const answer = await post(lonely, '/api/v1/chat/new', { userId: stranger.id }, ada);
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(await openChat(lonely, ada, bob)).toBe(await openChat(t.api, bob, ada));
    await lonely.stop();
  });

  it('tells others once, by an event that names the members', async () => {
    const peers = await createBrokerPeers(t.world.engines.rabbitUrl);
    const { ada, bob, chatId } = await t.chatOfTwo();
    await eventually(() =>
      expect(peers.events.filter(({ id }) => id === `chat:${chatId}:created`)).toMatchObject([
        { type: 'chat.created', payload: { chatId, members: [ada.id, bob.id].sort(), createdBy: ada.id } },
      ]),
    );
    await peers.close();
  });
});

describe('blocks', () => {
  it('stop new chats and messages in both directions, not reading, and end with an unblock', async () => {
    const peers = await createBrokerPeers(t.world.engines.rabbitUrl);
    const [ada, bob, eve] = [await t.world.person(), await t.world.person(), await t.world.person()];
    const chatId = await openChat(t.api, ada, bob);
    const tell = (type: 'user.blocked' | 'user.unblocked', blockedUserId: typeof bob.id, at: string) =>
      eventually(() =>
        peers.userEvents.publish({
          id: `block:${ada.id}:${blockedUserId}:${at}`,
          type,
          version: 1,
          at,
          payload: { userId: ada.id, blockedUserId },
        }),
      );
    // That of Bob is waited for, so it comes last.
    await tell('user.blocked', eve.id, '2026-01-01T00:00:02.000Z');
    await tell('user.blocked', bob.id, '2026-01-01T00:00:02.000Z');

    await eventually(async () => expect((await send(t.api, bob, chatId, 'hi')).status).toBe(403));
    expect(await send(t.api, ada, chatId, 'hi')).toMatchObject({ status: 403, body: { code: 'blocked' } });
    expect(await post(t.api, '/api/v1/chat/new', { userId: ada.id }, eve)).toMatchObject({
      status: 403,
      body: { code: 'blocked' },
    });
    expect(await openChat(t.api, bob, ada)).toBe(chatId);
    expect((await get(t.api, `/api/v1/chat/message/${chatId}`, bob)).status).toBe(200);

    await tell('user.unblocked', bob.id, '2026-01-01T00:00:03.000Z');
    await eventually(async () => expect((await send(t.api, bob, chatId, 'hi')).status).toBe(201));
    // A late repeat of the block is older than the unblock.
    await tell('user.blocked', bob.id, '2026-01-01T00:00:02.000Z');
    await tell('user.unblocked', eve.id, '2026-01-01T00:00:03.000Z');
    await eventually(async () =>
      expect((await post(t.api, '/api/v1/chat/new', { userId: ada.id }, eve)).status).toBe(201),
    );
    expect((await send(t.api, bob, chatId, 'still')).status).toBe(201);
    await peers.close();
  });
});

describe('GET /api/v1/chat/all', () => {
  it('lists own chats, newest first, each with its last message, unread count and marks', async () => {
    const [ada, bob, eve] = [await t.world.person(), await t.world.person(), await t.world.person()];
    const withBob = await openChat(t.api, ada, bob);
    const withEve = await openChat(t.api, ada, eve);
    expect((await listed(ada)).map(({ id }) => id)).toEqual([withEve, withBob]);

    for (const text of ['one', 'two']) expect((await send(t.api, bob, withBob, text)).status).toBe(201);
    await send(t.api, ada, withBob, 'three');
    const [first, second] = await eventually(async () => {
      const chats = await listed(ada);
      expect(chats[0]?.lastSeq).toBe(3);
      return chats;
    });
    expect(first).toMatchObject({ id: withBob, lastRev: 3, unread: 2, lastMessage: { seq: 3, text: 'three' } });
    expect(second).toMatchObject({ id: withEve, lastSeq: 0, lastMessage: null, unread: 0 });

    await post(t.api, '/api/v1/chat/seen', { chatId: withBob, seq: 1 }, ada);
    expect((await listed(ada))[0]).toMatchObject({ unread: 1, marks: { [ada.id]: { delivered: 1, seen: 1 } } });
    // Bob has two of his own in it: only Ada's message is new to him.
    expect((await listed(bob))[0]).toMatchObject({ id: withBob, unread: 1 });
    expect(await listed(eve)).toMatchObject([{ id: withEve }]);
    expect(await listed(await t.world.person())).toEqual([]);
  });

  it('does not count deleted messages as unread', async () => {
    const { ada, bob, chatId } = await t.chatOfTwo();
    for (const text of ['one', 'two', 'three']) await send(t.api, bob, chatId, text);
    const client = new MongoClient(t.world.engines.mongoUri);
    const messages = client.db(t.world.engines.database).collection('messages');
    await messages.updateOne({ chatId, seq: 2 }, { $set: { deletedAt: new Date() }, $unset: { text: '' } });
    await client.close();
    await eventually(async () => expect((await listed(ada))[0]).toMatchObject({ lastSeq: 3, unread: 2 }));
    const { body } = await get(t.api, `/api/v1/chat/message/${chatId}`, ada);
    expect((body as { messages: unknown[] }).messages[1]).toMatchObject({ seq: 2, text: null });
  });

  it('pages by cursor without a gap or a double', async () => {
    const ada = await t.world.person();
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1) ids.unshift(await openChat(t.api, ada, await t.world.person()));

    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const { body } = await get(t.api, `/api/v1/chat/all?limit=3${cursor && `&cursor=${cursor}`}`, ada);
      const page = chatsAnswer.parse(body);
      seen.push(...page.chats.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    // Chats of one millisecond are ordered by id, and v7 ids follow time.
    expect(seen).toEqual(ids);
  });

  it('refuses strangers and what is no request', async () => {
    const ada = await t.world.person();
    const codeOf = async (query: string) => (await get(t.api, `/api/v1/chat/all${query}`, ada)).status;
    expect((await get(t.api, '/api/v1/chat/all')).status).toBe(401);
    expect(await codeOf('?limit=0')).toBe(400);
    expect(await codeOf('?limit=201')).toBe(400);
    expect(await codeOf('?cursor=nonsense')).toBe(400);
    expect(await codeOf(`?cursor=${Buffer.from('[1,{"$gt":""}]').toString('base64url')}`)).toBe(400);
    expect(await codeOf(`?userId=${newChatId()}`)).toBe(400);
  });

  it('refuses a token whose session was revoked', async () => {
    const ada = await t.world.person();
    expect((await get(t.api, '/api/v1/chat/all', ada)).status).toBe(200);
    const { sid } = JSON.parse(Buffer.from(ada.token.split('.')[1] ?? '', 'base64url').toString()) as { sid: string };
    await t.world.sessions.revoke(sid);
    expect((await get(t.api, '/api/v1/chat/all', ada)).status).toBe(401);
  });
});
