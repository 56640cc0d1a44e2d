import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { messageAnswer, type Message } from '@parley/contracts';
import { eventually, newClientMessageId } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatId } from '@parley/domain';
import { get, post, send, type Answer, type Person } from './chat-instance.fixture.ts';
import { spawnChatApi } from './chat-process.fixture.ts';
import { createFaultWorld, expectDense, type FaultWorld } from './fault-world.fixture.ts';

let faults: FaultWorld;
beforeAll(async () => {
  faults = await createFaultWorld();
});
afterAll(() => faults.dispose());

/** Over a connection of its own, so that only what was taken can be cut. */
async function sendAlone(to: { url: string }, as: Person, chatId: ChatId, text: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${as.token}`, 'content-type': 'application/json' };
  const sending = request(`${to.url}/api/v1/chat/message`, { method: 'POST', agent: false, headers });
  sending.end(JSON.stringify({ chatId, clientMessageId: newClientMessageId(), text }));
  const [answer] = (await once(sending, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, body: (await json(answer)) as never };
}

describe('the process', { timeout: 90_000 }, () => {
  it('FAULT 3: killed after the insert and before publishing: told by another, and healed in the list', async () => {
    const { ada, chatId } = await faults.chatOfTwo();
    const doomed = await spawnChatApi(faults.world.env({ RABBITMQ_URL: 'amqp://127.0.0.1:1' }), { awaitReady: false });
    const sent = await eventually(
      async () => {
        const answer = await send(doomed, ada, chatId, 'last words');
        expect(answer.status).toBe(201);
        return messageAnswer.parse(answer.body).message;
      },
      { timeoutMs: 40_000 },
    );
    await doomed.kill();
    await faults.expectTold([sent]);
    await eventually(async () =>
      expect((await get(faults.api, '/api/v1/chat/all', ada)).body).toMatchObject({
        chats: [{ id: chatId, lastMessage: { id: sent.id } }],
      }),
    );
  });

  it('FAULT 1, FAULT 2: killed at any moment of a send: the retry gets the same message, and none is there twice', async () => {
    const { ada, chatId } = await faults.chatOfTwo();
    const bodies = Array.from({ length: 100 }, (_, n) => ({
      chatId,
      clientMessageId: newClientMessageId(),
      text: `message ${n}`,
    }));
    const doomed = await spawnChatApi(faults.world.env());
    const acknowledged: Message[] = [];
    const sending = bodies.map(async (body) => {
      try {
        const { status, body: answer } = await post(doomed, '/api/v1/chat/message', body, ada);
        if (status === 201) acknowledged.push(messageAnswer.parse(answer).message);
        if (acknowledged.length === 30) await doomed.kill();
      } catch (error) {
        // The connection broke with the process: the outcome of this one is unknown to its client.
        expect(error).toBeInstanceOf(TypeError);
      }
    });
    await Promise.all(sending);
    expect(acknowledged.length).toBeGreaterThanOrEqual(30);

    const retried = await Promise.all(bodies.map((body) => post(faults.api, '/api/v1/chat/message', body, ada)));
    for (const { status } of retried) expect([200, 201]).toContain(status);
    const messages = await faults.history(ada, chatId);
    expectDense(messages);
    expect(messages.map(({ clientMessageId }) => clientMessageId).sort()).toEqual(
      bodies.map(({ clientMessageId }) => clientMessageId).sort(),
    );
    for (const message of acknowledged) expect(messages).toContainEqual(message);
    await faults.expectTold(messages);
  });

  it('FAULT 21: ends on SIGTERM with what it has begun: no 5xx, nothing acknowledged is missing, exit code 0', async () => {
    const { ada, chatId } = await faults.chatOfTwo();
    const leaving = await spawnChatApi(faults.world.env());
    const acknowledged: Message[] = [];
    const statuses = new Set<number>();
    let ended: Promise<number | null> | undefined;
    const sender = async () => {
      for (let n = 0; n < 40; n += 1) {
        try {
          const { status, body } = await sendAlone(leaving, ada, chatId, `message ${n}`);
          statuses.add(status);
          acknowledged.push(messageAnswer.parse(body).message);
        } catch (error) {
          // It takes no more connections, and a proxy in front would ask another instance. One that the kernel had taken in its name and
          // that it never accepted is reset; what it did accept it answers, or the history below has more than was acknowledged.
          expect(['ECONNREFUSED', 'ECONNRESET']).toContain((error as NodeJS.ErrnoException).code);
          break;
        }
        if (acknowledged.length === 20) ended = leaving.terminate();
      }
    };
    await Promise.all(Array.from({ length: 5 }, sender));
    expect(await ended).toBe(0);
    expect([...statuses]).toEqual([201]);
    const messages = await faults.history(ada, chatId);
    expectDense(messages);
    expect(messages).toHaveLength(acknowledged.length);
    for (const message of acknowledged) expect(messages).toContainEqual(message);
    await faults.expectTold(messages);
  });
});
