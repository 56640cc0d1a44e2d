import { messageAnswer } from '@parley/contracts';
import { eventually, newChatId } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { createBrokerPeers, post, send } from '../../chat-instance.fixture.ts';
import { useChatApi } from '../../chat-spec.fixture.ts';

const t = useChatApi();

const chatWith = async (messages: number) => {
  const { ada, bob, chatId } = await t.chatOfTwo();
  for (let n = 0; n < messages; n += 1) await send(t.api, ada, chatId, `message ${n}`);
  const mark = (kind: 'delivered' | 'seen', seq: unknown, instance = t.api) =>
    post(instance, `/api/v1/chat/${kind}`, { chatId, seq }, bob);
  const marksOf = (delivered: number, seen: number) => ({
    status: 200,
    body: { marks: { [ada.id]: { delivered: 0, seen: 0 }, [bob.id]: { delivered, seen } } },
  });
  return { ada, bob, chatId, mark, marksOf };
};

describe('POST /api/v1/chat/delivered and /seen', () => {
  it('raises watermarks, never lowers them; seen raises delivered', async () => {
    const { mark, marksOf } = await chatWith(6);
    expect(await mark('delivered', 3)).toEqual(marksOf(3, 0));
    expect(await mark('delivered', 2)).toEqual(marksOf(3, 0));
    expect(await mark('seen', 2)).toEqual(marksOf(3, 2));
    expect(await mark('seen', 5)).toEqual(marksOf(5, 5));
    expect(await mark('seen', 0)).toEqual(marksOf(5, 5));
    expect(await mark('delivered', 5)).toEqual(marksOf(5, 5));
  });

  it('limits them to what exists, also on an instance that saw none of it', async () => {
    const { mark, marksOf } = await chatWith(2);
    expect(await mark('seen', 1_000_000)).toEqual(marksOf(2, 2));
    const empty = await chatWith(0);
    expect(await empty.mark('seen', 1)).toEqual(empty.marksOf(0, 0));

    const other = await t.world.start();
    const { ada, chatId, mark: late, marksOf: expected } = await chatWith(2);
    expect(await late('delivered', 9, other)).toEqual(expected(2, 0));
    await send(t.api, ada, chatId, 'one more');
    expect(await late('seen', 3, other)).toEqual(expected(3, 3));
    await other.stop();
  });

  it('merges reports that come at once, out of order, on two instances', async () => {
    const other = await t.world.start();
    const { mark, marksOf } = await chatWith(20);
    const seqs = Array.from({ length: 20 }, (_, n) => ((n * 7) % 20) + 1);
    await Promise.all(seqs.map((seq, n) => mark(n % 3 ? 'delivered' : 'seen', seq, n % 2 ? t.api : other)));
    const seen = Math.max(...seqs.filter((_, n) => n % 3 === 0));
    expect(await mark('delivered', 1)).toEqual(marksOf(20, seen));
    await other.stop();
  });

  it('tells others when a watermark rose, naming the hash it saw, and only then', async () => {
    const peers = await createBrokerPeers(t.world.engines.rabbitUrl);
    const { ada, bob, chatId, mark } = await chatWith(1);
    const { message } = messageAnswer.parse((await send(t.api, ada, chatId, 'second')).body);
    await send(t.api, ada, chatId, 'third');
    await mark('delivered', 2);
    await mark('delivered', 2);
    await mark('delivered', 1);
    await mark('seen', 2);
    const told = () => peers.events.filter(({ type }) => type === 'receipt.updated').map(({ payload }) => payload);
    const event = { members: [ada.id, bob.id].sort(), chatId, userId: bob.id, seq: 2, hash: message.hash };
    await eventually(() =>
      expect(told()).toEqual([
        { ...event, kind: 'delivered', marks: { delivered: 2, seen: 0 } },
        { ...event, kind: 'seen', marks: { delivered: 2, seen: 2 } },
      ]),
    );
    await peers.close();
  });

  it('refuses strangers, other people’s marks and what is no request', async () => {
    const { ada, bob, chatId } = await chatWith(1);
    const eve = await t.world.person();
    for (const kind of ['delivered', 'seen']) {
      const path = `/api/v1/chat/${kind}`;
      const foreign = await post(t.api, path, { chatId, seq: 1 }, eve);
      const missing = await post(t.api, path, { chatId: newChatId(), seq: 1 }, eve);
      expect(foreign).toMatchObject({ status: 404, body: { code: 'chat_not_found' } });
      expect(missing).toMatchObject({ status: 404, body: { code: 'chat_not_found' } });
      expect((await post(t.api, path, { chatId, seq: 1 })).status).toBe(401);
      for (const bad of [{ seq: -1 }, { seq: 1.5 }, { seq: '1' }, { seq: null }, { userId: ada.id }]) {
        expect((await post(t.api, path, { chatId, seq: 1, ...bad }, bob)).status).toBe(400);
      }
    }
  });
});
