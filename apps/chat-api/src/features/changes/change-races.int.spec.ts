import { messageAnswer, type Message } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import { eventually } from '@parley/testing';
import { MongoClient, type Collection } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edit, react, remove, send, type Answer } from '../../chat-instance.fixture.ts';
import { spawnChatApi } from '../../chat-process.fixture.ts';
import type { MessageDocument } from '../../database.ts';
import { createFaultWorld, type FaultWorld } from '../../fault-world.fixture.ts';

let faults: FaultWorld;
let client: MongoClient;
let stored: Collection<MessageDocument>;
beforeAll(async () => {
  faults = await createFaultWorld();
  client = new MongoClient(faults.world.engines.mongoUri);
  stored = client.db(faults.world.engines.database).collection('messages');
});
afterAll(async () => {
  await client.close();
  await faults.dispose();
});

const messageOf = ({ status, body }: Answer): Message => {
  expect([200, 201]).toContain(status);
  return messageAnswer.parse(body).message;
};
/** Every rev of the chat was given once: 1..n. */
const expectRevsDense = async (chatId: ChatId) => {
  const revs = (await stored.find({ chatId }).toArray()).flatMap((message) => message.revs).sort((a, b) => a - b);
  expect(revs).toEqual(revs.map((_, index) => index + 1));
  return revs.length;
};

describe('changes and sends at once, on two instances', () => {
  it('take one rev each, and none is lost', async () => {
    const { ada, bob, chatId } = await faults.chatOfTwo();
    const first = messageOf(await send(faults.api, ada, chatId, 'first'));
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => {
        const api = n % 2 ? faults.api : faults.other;
        if (n % 3 === 0) return edit(api, ada, first.id, `edit ${n}`);
        return n % 3 === 1 ? send(api, bob, chatId, `${n}`) : react(api, bob, first.id, n % 2 ? '👍' : '🎉');
      }),
    );
    const changed = answers.map(messageOf);
    expect(await expectRevsDense(chatId)).toBe(1 + 20 + 20 + 2);
    const now = (await faults.history(ada, chatId))[0];
    const lastEdit = changed.filter(({ text }) => text?.startsWith('edit')).reduce((a, b) => (b.rev > a.rev ? b : a));
    expect(now?.text).toBe(lastEdit.text);
    expect(now?.reactions.map(({ emoji }) => emoji).sort()).toEqual(['👍', '🎉'].sort());
    await faults.expectOutboxEmpty();
    await faults.expectTold(now ? [now] : []);
  });

  it('never give a rev twice, also to an instance that has heard of nothing since', async () => {
    const { ada, bob, chatId } = await faults.chatOfTwo();
    const first = messageOf(await send(faults.other, ada, chatId, 'first'));
    // The second edit leaves the rev of the first one free, and that is what the other instance thinks comes next.
    for (const text of ['once', 'twice', 'thrice']) messageOf(await edit(faults.api, ada, first.id, text));
    const late = messageOf(await send(faults.other, bob, chatId, 'late'));
    expect(late).toMatchObject({ seq: 2, rev: 5 });
    await expectRevsDense(chatId);
  });

  it('delete once, and answer all alike', async () => {
    const { ada, chatId } = await faults.chatOfTwo();
    const first = messageOf(await send(faults.api, ada, chatId, 'first'));
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => remove(n % 2 ? faults.api : faults.other, ada, first.id)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(messageOf(answer)))).size).toBe(1);
    expect(await expectRevsDense(chatId)).toBe(2);
  });
});

describe('a message that is edited before it was told', { timeout: 60_000 }, () => {
  it('is told as a new one, as it is then', async () => {
    const { ada, chatId } = await faults.chatOfTwo();
    const doomed = await spawnChatApi(faults.world.env({ RABBITMQ_URL: 'amqp://127.0.0.1:1' }), { awaitReady: false });
    const first = await eventually(async () => messageOf(await send(doomed, ada, chatId, 'frist')), {
      timeoutMs: 40_000,
    });
    const edited = messageOf(await edit(doomed, ada, first.id, 'first'));
    await doomed.kill();
    await faults.expectOutboxEmpty();
    const told = faults.events().filter(({ payload }) => 'message' in payload && payload.message.id === first.id);
    expect(told.at(-1)).toMatchObject({ type: 'message.created', payload: { message: edited } });
    expect(new Set(told.map(({ type }) => type))).toEqual(new Set(['message.created']));
  });
});
