import { chatsAnswer, messageAnswer, type Message } from '@parley/contracts';
import { eventually, newChatId, newClientMessageId } from '@parley/testing';
import { MongoClient, type Collection } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edit, get, post, react, remove, request, send, type Answer } from '../../chat-instance.fixture.ts';
import { useBrokerPeers, useChatApi } from '../../chat-spec.fixture.ts';
import type { MessageDocument } from '../../database.ts';

const t = useChatApi();
const broker = useBrokerPeers(t);
let client: MongoClient;
let stored: Collection<MessageDocument>;
beforeAll(async () => {
  client = new MongoClient(t.world.engines.mongoUri);
  stored = client.db(t.world.engines.database).collection('messages');
});
afterAll(() => client.close());

const messageOf = ({ status, body }: Answer, expected = 200): Message => {
  expect({ status, body }).toMatchObject({ status: expected });
  return messageAnswer.parse(body).message;
};
const chatWith = async (...texts: string[]) => {
  const { ada, bob, chatId } = await t.chatOfTwo();
  const messages: Message[] = [];
  for (const text of texts) messages.push(messageOf(await send(t.api, ada, chatId, text), 201));
  return { ada, bob, chatId, messages, first: messages[0] as Message };
};
const listedLast = async (as: Parameters<typeof get>[2]) =>
  chatsAnswer.parse((await get(t.api, '/api/v1/chat/all', as)).body).chats[0];

describe('PATCH /api/v1/chat/message/:id', () => {
  it('changes the text and what the chat list shows, keeps place and hashes, and tells both members', async () => {
    const { ada, bob, chatId, first } = await chatWith('frist');
    // Before that its edit is told as the message itself.
    await eventually(async () => expect(await stored.findOne({ _id: first.id })).not.toHaveProperty('outbox'));
    const edited = messageOf(await edit(t.api, ada, first.id, 'first'));
    expect(edited).toEqual({ ...first, text: 'first', rev: 2, editedAt: expect.any(String) });
    const { body } = await get(t.api, `/api/v1/chat/message/${chatId}`, bob);
    expect(body).toMatchObject({ messages: [edited], head: { seq: 1, rev: 2, hash: first.hash } });
    await eventually(async () => expect(await listedLast(bob)).toMatchObject({ lastRev: 2, lastMessage: edited }));
    await eventually(() =>
      expect(broker.peers.events.filter(({ id }) => id === `message:${first.id}:2`)).toEqual([
        expect.objectContaining({
          type: 'message.updated',
          payload: { members: [ada.id, bob.id].sort(), message: edited },
        }),
      ]),
    );
    const next = messageOf(await send(t.api, bob, chatId, 'next'), 201);
    expect(next).toMatchObject({ seq: 2, rev: 3, prevHash: first.hash });
  });

  it('leaves the list alone when it is not the newest message, but for the rev', async () => {
    const { ada, messages, first } = await chatWith('one', 'two');
    messageOf(await edit(t.api, ada, first.id, 'won'));
    await eventually(async () => expect(await listedLast(ada)).toMatchObject({ lastRev: 3, lastMessage: messages[1] }));
  });

  it('changes nothing when the text is the same, and tells nobody', async () => {
    const { ada, first } = await chatWith('same');
    expect(messageOf(await edit(t.api, ada, first.id, 'same'))).toEqual(first);
    expect((await stored.findOne({ _id: first.id }))?.revs).toEqual([1]);
  });

  it('overwrites no other edit unseen, where it says what it was made from', async () => {
    const { ada, bob, first } = await chatWith('frist');
    const path = `/api/v1/chat/message/${first.id}`;
    const patch = (body: object, as = ada) => request(t.api, 'PATCH', path, { body, as });
    const edited = messageOf(await patch({ text: 'first', replaces: 'frist' }));
    expect(messageOf(await patch({ text: 'first', replaces: 'frist' }))).toEqual(edited);
    const conflict = await patch({ text: 'fist', replaces: 'frist' });
    expect(conflict).toMatchObject({ status: 409, body: { code: 'edit_conflict' } });
    expect(await patch({ text: 'x', replaces: 1 })).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    // Who may not edit learns nothing of the text.
    expect(await patch({ text: 'x', replaces: 'first' }, bob)).toMatchObject({ body: { code: 'not_sender' } });
    expect(messageOf(await patch({ text: 'third', replaces: 'first' }))).toMatchObject({ text: 'third', rev: 3 });
  });

  it('keeps the idempotency of the send: a retry gets the message as it is now', async () => {
    const { ada, chatId } = await chatWith();
    const body = { chatId, clientMessageId: newClientMessageId(), text: 'sent' };
    const { id } = messageOf(await post(t.api, '/api/v1/chat/message', body, ada), 201);
    const edited = messageOf(await edit(t.api, ada, id, 'edited'));
    expect(messageOf(await post(t.api, '/api/v1/chat/message', body, ada))).toEqual(edited);
    const other = await post(t.api, '/api/v1/chat/message', { ...body, text: 'edited' }, ada);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_conflict' } });
  });
});

describe('DELETE /api/v1/chat/message/:id', () => {
  it('leaves a tombstone: its place and hashes, and nothing of its content anywhere', async () => {
    const { ada, bob, chatId, messages } = await chatWith('first', 'secret');
    const reply = messageOf(await send(t.api, ada, chatId, 'a secret reply', { replyToSeq: 1 }), 201);
    messageOf(await react(t.api, bob, reply.id, '👍'));
    const gone = messageOf(await remove(t.api, ada, reply.id));
    const tombstone = { ...reply, rev: 5, text: null, reactions: [], replyToSeq: 1, deletedAt: expect.any(String) };
    expect(gone).toEqual(tombstone);
    const document = await stored.findOne({ _id: reply.id }, { projection: { outbox: 0 } });
    expect(Object.keys(document ?? {})).not.toEqual(expect.arrayContaining(['text']));
    expect(JSON.stringify(document)).not.toMatch(/secret|👍|words/);
    await eventually(async () => expect(await listedLast(bob)).toMatchObject({ lastMessage: gone, unread: 2 }));
    const chats = client.db(t.world.engines.database).collection('chats');
    expect(JSON.stringify(await chats.findOne({ _id: chatId as never }))).not.toMatch(/secret/);

    expect(messageOf(await remove(t.api, ada, reply.id))).toEqual(gone);
    for (const refused of [await edit(t.api, ada, reply.id, 'x'), await react(t.api, bob, reply.id, '👍')])
      expect(refused).toMatchObject({ status: 409, body: { code: 'message_deleted' } });
    expect(messages[1]?.seq).toBe(2);
  });
});

describe('PUT and DELETE /api/v1/chat/message/:id/reactions/:emoji', () => {
  it('puts and takes back reactions of both members, each once', async () => {
    const { ada, bob, first } = await chatWith('news');
    messageOf(await react(t.api, bob, first.id, '🏳️‍🌈'));
    messageOf(await react(t.api, ada, first.id, '👍'));
    const both = messageOf(await react(t.api, ada, first.id, '🏳️‍🌈'));
    expect(both).toEqual({
      ...first,
      rev: 4,
      reactions: [
        { emoji: '🏳️‍🌈', userIds: [bob.id, ada.id] },
        { emoji: '👍', userIds: [ada.id] },
      ],
    });
    expect(messageOf(await react(t.api, ada, first.id, '🏳️‍🌈'))).toEqual(both);
    const fewer = messageOf(await react(t.api, bob, first.id, '🏳️‍🌈', 'DELETE'));
    expect(fewer.reactions[0]).toEqual({ emoji: '🏳️‍🌈', userIds: [ada.id] });
    expect(messageOf(await react(t.api, bob, first.id, '🏳️‍🌈', 'DELETE'))).toEqual(fewer);
    for (const emoji of ['🏳️‍🌈', '👍']) messageOf(await react(t.api, ada, first.id, emoji, 'DELETE'));
    await eventually(async () => expect((await listedLast(bob))?.lastMessage).toMatchObject({ reactions: [], rev: 7 }));
  });

  it('refuses an eleventh', async () => {
    const { bob, first } = await chatWith('news');
    for (const emoji of '😀😁😂😃😄😅😆😇😈😉') messageOf(await react(t.api, bob, first.id, emoji));
    expect(await react(t.api, bob, first.id, '👍')).toMatchObject({
      status: 422,
      body: { code: 'too_many_reactions' },
    });
  });
});

describe('all changes', () => {
  it('are refused to strangers as a message that does not exist, to the other member, and to nobody signed in', async () => {
    const { bob, first } = await chatWith('mine');
    const eve = await t.world.person();
    const all = (as: typeof eve, id: string) =>
      Promise.all([
        edit(t.api, as, id, 'yours'),
        remove(t.api, as, id),
        react(t.api, as, id, '👍'),
        react(t.api, as, id, '👍', 'DELETE'),
      ]);
    const bodyOf = ({ status, body }: Answer) => ({ status, ...(body as object), requestId: '' });
    const foreign = (await all(eve, first.id)).map(bodyOf);
    expect(foreign).toEqual((await all(eve, newChatId())).map(bodyOf));
    for (const answer of foreign) expect(answer).toMatchObject({ status: 404, code: 'message_not_found' });
    for (const answer of await all({ ...eve, token: 'none' }, first.id)) expect(answer.status).toBe(401);
    for (const answer of (await all(bob, first.id)).slice(0, 2))
      expect(answer).toMatchObject({ status: 403, body: { code: 'not_sender' } });
    expect((await stored.findOne({ _id: first.id }))?.text).toBe('mine');
  });

  it('refuse what is no request', async () => {
    const { ada, first } = await chatWith('mine');
    const path = `/api/v1/chat/message/${first.id}`;
    const bodies = [{ text: ' ' }, {}, { text: 'x'.repeat(8_001) }, { text: 'x', seq: 1 }, { text: { $gt: '' } }];
    for (const body of bodies) expect((await request(t.api, 'PATCH', path, { as: ada, body })).status).toBe(400);
    for (const emoji of ['x', '👍👍', '$set', '<b>'])
      expect((await react(t.api, ada, first.id, emoji)).status, emoji).toBe(400);
    expect((await react(t.api, ada, 'mine', '👍')).status).toBe(400);
    expect((await edit(t.api, ada, 'mine', 'x')).status).toBe(400);
  });

  it('stop with a block, but for taking back what is one’s own', async () => {
    const { ada, bob, first } = await chatWith('mine');
    messageOf(await react(t.api, bob, first.id, '🎉'));
    const event = { type: 'user.blocked', version: 1, at: new Date().toISOString() } as const;
    const payload = { userId: bob.id, blockedUserId: ada.id };
    await broker.peers.userEvents.publish({ ...event, id: `block:${bob.id}`, payload });
    await eventually(async () =>
      expect(await edit(t.api, ada, first.id, 'x')).toMatchObject({ status: 403, body: { code: 'blocked' } }),
    );
    for (const as of [ada, bob])
      expect(await react(t.api, as, first.id, '👍')).toMatchObject({ status: 403, body: { code: 'blocked' } });
    expect(messageOf(await react(t.api, bob, first.id, '🎉', 'DELETE')).reactions).toEqual([]);
    expect(messageOf(await remove(t.api, ada, first.id)).text).toBeNull();
  });

  it('spend the allowance that sends spend', async () => {
    const strict = await t.world.start({ env: { SEND_RATE_PER_SECOND: 1 } });
    const { ada, first } = await chatWith('mine');
    const editOnce = async (_: unknown, n: number) => (await edit(strict, ada, first.id, `edit ${n}`)).status;
    for (let n = 0; n < 10; n += 1) expect(await editOnce(undefined, n)).toBe(200);
    // At once, since a slow machine earns some back between two.
    expect(await Promise.all(Array.from({ length: 20 }, editOnce))).toContain(429);
    await strict.stop();
  });
});
