import { messageAnswer } from '@parley/contracts';
import { newClientMessageId } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, send } from '../../chat-instance.fixture.ts';
import { createFaultWorld, expectDense, type FaultWorld } from '../../fault-world.fixture.ts';

let faults: FaultWorld;
beforeAll(async () => {
  faults = await createFaultWorld();
});
afterAll(() => faults.dispose());

describe('racing sends', () => {
  it('FAULT 5: stores twenty parallel sends with one clientMessageId once, and answers all alike', async () => {
    const { ada, chatId } = await faults.chatOfTwo();
    const body = { chatId, clientMessageId: newClientMessageId(), text: 'once' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => post(n % 2 ? faults.api : faults.other, '/api/v1/chat/message', body, ada)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(19).fill(200), 201]);
    const messages = await faults.history(ada, chatId);
    expect(messages).toHaveLength(1);
    for (const answer of answers) expect(answer.body).toEqual({ message: messages[0] });
  });

  it('gives parallel sends of both members on two instances one dense order', async () => {
    const { ada, bob, chatId } = await faults.chatOfTwo();
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, n) =>
        send(n % 2 ? faults.api : faults.other, n % 3 ? ada : bob, chatId, `message ${n}`),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const messages = await faults.history(bob, chatId);
    expect(messages).toHaveLength(120);
    expectDense(messages);
    const bySeq = new Map(messages.map((message) => [message.seq, message]));
    for (const { body } of answers) {
      const { message } = messageAnswer.parse(body);
      expect(bySeq.get(message.seq)).toEqual(message);
    }
    await faults.expectTold(messages);
    await faults.expectOutboxEmpty();
  });

  it('FAULT 22: a clock one hour back: keeps the order of sending', async () => {
    const hourBack = await faults.world.start({ clock: () => new Date(Date.now() - 3_600_000) });
    const { ada, chatId } = await faults.chatOfTwo();
    const texts = Array.from({ length: 10 }, (_, n) => `message ${n}`);
    for (const [n, text] of texts.entries())
      expect((await send(n % 2 ? hourBack : faults.api, ada, chatId, text)).status).toBe(201);
    const messages = await faults.history(ada, chatId);
    expectDense(messages);
    expect(messages.map(({ text }) => text)).toEqual(texts);
    await faults.expectTold(messages);
    await hourBack.stop();
  });
});
