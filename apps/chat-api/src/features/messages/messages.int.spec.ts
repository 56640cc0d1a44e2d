import { messageAnswer, messagesAnswer, type Message } from '@parley/contracts';
import { bodyPreimage, GENESIS_HASH, ledgerPreimage, type ChatId } from '@parley/domain';
import { eventually, newChatId, newClientMessageId } from '@parley/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { createBrokerPeers, get, openChat, post, send, type Person } from '../../chat-instance.fixture.ts';
import { useChatApi } from '../../chat-spec.fixture.ts';
import { sha256 } from './hash.ts';

const t = useChatApi();
let ada: Person;
let bob: Person;
let eve: Person;
let chatId: ChatId;
beforeAll(async () => {
  [ada, bob, eve] = [await t.world.person(), await t.world.person(), await t.world.person()];
});
const freshChat = async () => {
  const [someone, other] = [await t.world.person(), await t.world.person()];
  return { someone, other, chatId: await openChat(t.api, someone, other) };
};

describe('POST /api/v1/chat/message', () => {
  beforeAll(async () => {
    chatId = await openChat(t.api, ada, bob);
  });

  it('answers 201 with the message at its place, chained to the one before', async () => {
    const answers = [];
    for (const [as, text] of [
      [ada, 'hi'],
      [bob, 'hello 👋'],
    ] as const) {
      answers.push(await send(t.api, as, chatId, text));
    }
    const [first, second] = answers.map(({ status, body }) => {
      expect(status).toBe(201);
      const { message } = messageAnswer.parse(body);
      expect(body).toEqual({ message });
      return message;
    }) as [Message, Message];
    expect(first).toMatchObject({ chatId, seq: 1, rev: 1, senderId: ada.id, text: 'hi', prevHash: GENESIS_HASH });
    expect(second).toMatchObject({ seq: 2, rev: 2, senderId: bob.id, prevHash: first.hash });
    for (const message of [first, second]) {
      expect(message.bodyHash).toBe(sha256(bodyPreimage({ text: message.text ?? '' })));
      expect(message.hash).toBe(sha256(ledgerPreimage(message)));
    }
  });

  it('FAULT 6: gives the stored message on a replay, and refuses another body under its id', async () => {
    const body = { chatId, clientMessageId: newClientMessageId(), text: 'once' };
    const first = await post(t.api, '/api/v1/chat/message', body, ada);
    expect(first.status).toBe(201);
    await send(t.api, bob, chatId, 'in between');
    expect(await post(t.api, '/api/v1/chat/message', body, ada)).toEqual({ status: 200, body: first.body });
    const changed = [{ text: 'twice' }, { replyToSeq: 1 }, { text: 'once ' }];
    for (const change of changed) {
      expect(await post(t.api, '/api/v1/chat/message', { ...body, ...change }, ada)).toMatchObject({
        status: 422,
        body: { code: 'idempotency_conflict' },
      });
    }
    // The id is the sender's own: another's message under the same one is another message.
    expect((await post(t.api, '/api/v1/chat/message', body, bob)).status).toBe(201);
  });

  it('takes a reply to what is there, and refuses one to what is not', async () => {
    const { someone, chatId: own } = await freshChat();
    expect(await send(t.api, someone, own, 'to nothing', { replyToSeq: 1 })).toMatchObject({
      status: 422,
      body: { code: 'reply_not_found' },
    });
    await send(t.api, someone, own, 'first');
    const reply = await send(t.api, someone, own, 'to it', { replyToSeq: 1 });
    expect(reply).toMatchObject({ status: 201, body: { message: { seq: 2, replyToSeq: 1 } } });
  });

  it('answers a foreign chat exactly as one that does not exist', async () => {
    const { requestId: _, ...foreign } = (await send(t.api, eve, chatId, 'hi')).body as Record<string, unknown>;
    const { requestId: __, ...missing } = (await send(t.api, eve, newChatId(), 'hi')).body as Record<string, unknown>;
    expect(foreign).toMatchObject({ status: 404, code: 'chat_not_found' });
    expect(foreign).toEqual(missing);
    expect((await send(t.api, { ...ada, token: 'none' }, chatId, 'hi')).status).toBe(401);
  });

  it('refuses what is no message, and goes on', async () => {
    const good = { chatId, clientMessageId: newClientMessageId(), text: 'hi' };
    const bad = [
      { ...good, text: ' \n ' },
      { ...good, text: undefined },
      { ...good, text: 'x'.repeat(8_001) },
      { ...good, text: '\ud800' },
      { ...good, text: { $gt: '' } },
      { ...good, senderId: bob.id },
      { ...good, seq: 1 },
      { ...good, clientMessageId: 'mine' },
      { ...good, chatId: { $ne: null } },
      { ...good, replyToSeq: 0 },
      [good],
    ];
    for (const body of bad) {
      expect(await post(t.api, '/api/v1/chat/message', body, ada)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      });
    }
    expect((await post(t.api, '/api/v1/chat/message', good, ada)).status).toBe(201);
  });

  it('tells both members by one event, once the message is stored', async () => {
    const peers = await createBrokerPeers(t.world.engines.rabbitUrl);
    const { someone, other, chatId: own } = await freshChat();
    const { message } = messageAnswer.parse((await send(t.api, someone, own, 'news')).body);
    await eventually(() =>
      expect(peers.events.filter(({ id }) => id === `message:${message.id}:1`)).toEqual([
        expect.objectContaining({
          type: 'message.created',
          payload: { members: [someone.id, other.id].sort(), message },
        }),
      ]),
    );
    await peers.close();
  });

  it('limits who sends without end', async () => {
    const strict = await t.world.start({ env: { SEND_RATE_PER_SECOND: 1 } });
    const { someone, chatId: own } = await freshChat();
    const sendOnce = async (_: unknown, n: number) => (await send(strict, someone, own, `${n}`)).status;
    for (let n = 0; n < 10; n += 1) expect(await sendOnce(undefined, n)).toBe(201);
    // At once, since a slow machine earns some back between two.
    expect(await Promise.all(Array.from({ length: 20 }, sendOnce))).toContain(429);
    await strict.stop();
  });
});

describe('GET /api/v1/chat/message/:chatId', () => {
  let own: ChatId;
  let someone: Person;
  beforeAll(async () => {
    ({ chatId: own, someone } = await freshChat());
    for (let n = 1; n <= 12; n += 1) await send(t.api, someone, own, `message ${n}`);
  });
  const page = async (query: string) => {
    const { status, body } = await get(t.api, `/api/v1/chat/message/${own}${query}`, someone);
    expect(status).toBe(200);
    const answer = messagesAnswer.parse(body);
    return { ...answer, seqs: answer.messages.map(({ seq }) => seq) };
  };

  it('gives the newest, ascending, with the head of the chat', async () => {
    const whole = await page('');
    expect(whole.seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(whole.hasMore).toBe(false);
    expect(whole.head).toEqual({ seq: 12, rev: 12, hash: whole.messages.at(-1)?.hash });
    expect(await page('?limit=5')).toMatchObject({ seqs: [8, 9, 10, 11, 12], hasMore: true, head: { seq: 12 } });
  });

  it('pages in both directions', async () => {
    expect(await page('?before=8&limit=5')).toMatchObject({ seqs: [3, 4, 5, 6, 7], hasMore: true });
    expect(await page('?before=3&limit=5')).toMatchObject({ seqs: [1, 2], hasMore: false });
    expect(await page('?after=8&limit=3')).toMatchObject({ seqs: [9, 10, 11], hasMore: true });
    expect(await page('?after=11&limit=3')).toMatchObject({ seqs: [12], hasMore: false });
    expect(await page('?after=0&limit=2')).toMatchObject({ seqs: [1, 2], hasMore: true });
    expect(await page('?before=1')).toMatchObject({ seqs: [], hasMore: false, head: { seq: 12 } });
  });

  it('gives an empty chat its empty head', async () => {
    const { someone: as, chatId: empty } = await freshChat();
    expect((await get(t.api, `/api/v1/chat/message/${empty}`, as)).body).toEqual({
      messages: [],
      head: { seq: 0, rev: 0, hash: GENESIS_HASH },
      hasMore: false,
    });
  });

  it('refuses strangers, and what is no request', async () => {
    const path = `/api/v1/chat/message/${own}`;
    expect(await get(t.api, path, eve)).toMatchObject({ status: 404, body: { code: 'chat_not_found' } });
    expect(await get(t.api, path)).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    for (const bad of [
      '?before=2&after=1',
      '?before=x',
      '?after=-1',
      '?limit=0',
      '?limit=1000',
      '?$where=1',
      '?before=1&before=2',
    ]) {
      expect((await get(t.api, path + bad, someone)).status, bad).toBe(400);
    }
    expect((await get(t.api, '/api/v1/chat/message/nonsense', someone)).status).toBe(400);
  });
});
