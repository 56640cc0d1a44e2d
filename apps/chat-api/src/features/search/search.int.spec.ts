import { messageAnswer, searchMessagesAnswer, type Message } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import { newChatId } from '@parley/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { edit, get, openChat, remove, send, type Person } from '../../chat-instance.fixture.ts';
import { useChatApi } from '../../chat-spec.fixture.ts';
import { fillChat, openWorldDatabase } from '../../fill-chat.fixture.ts';

const t = useChatApi();
let ada: Person;
let bob: Person;
let chatId: ChatId;
beforeAll(async () => {
  [ada, bob] = [await t.world.person(), await t.world.person()];
  chatId = await openChat(t.api, ada, bob);
});

const ask = async (as: Person, query: Record<string, string>) => {
  const { status, body } = await get(t.api, `/api/v1/chat/search?${new URLSearchParams(query)}`, as);
  expect({ status, body }).toMatchObject({ status: 200 });
  return searchMessagesAnswer.parse(body);
};
const found = async (as: Person, q: string, more: Record<string, string> = {}) =>
  (await ask(as, { q, ...more })).messages.map(({ text }) => text);
const say = async (text: string, as = ada, to = chatId): Promise<Message> =>
  messageAnswer.parse((await send(t.api, as, to, text)).body).message;

/** Of all pages. */
async function all(as: Person, query: Record<string, string>): Promise<(string | null)[]> {
  const texts: (string | null)[] = [];
  let cursor: string | null = null;
  do {
    const page = await ask(as, { ...query, ...(cursor && { cursor }) });
    expect(page.messages.length).toBeLessThanOrEqual(Number(query['limit'] ?? 50));
    texts.push(...page.messages.map(({ text }) => text));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return texts;
}

describe('GET /api/v1/chat/search', () => {
  it('finds all words, the last as a prefix, whatever their case and accents, newest first', async () => {
    const texts = ['Grüße aus Köln', 'grusse und gruß', 'The café in Köln', '東京タワー', 'Kölner Dom'];
    const sent: Message[] = [];
    for (const text of texts) sent.push(await say(text, sent.length % 2 ? bob : ada));
    expect(await found(bob, 'köln', { chatId })).toEqual(['Kölner Dom', 'The café in Köln', 'Grüße aus Köln']);
    expect(await found(ada, 'KOLN caf', { chatId })).toEqual(['The café in Köln']);
    expect(await found(ada, 'caf koln', { chatId })).toEqual([]);
    expect(await found(ada, 'GRU', { chatId })).toEqual(['grusse und gruß', 'Grüße aus Köln']);
    expect(await found(ada, '京', { chatId })).toEqual(['東京タワー']);
    expect(await found(ada, 'nowhere', { chatId })).toEqual([]);
    expect(await found(ada, '?!', { chatId })).toEqual([]);
    const { messages } = await ask(ada, { q: 'dom', chatId });
    expect(messages).toEqual([sent[4]]);
  });

  it('follows an edit, and finds nothing of what was deleted', async () => {
    const { id } = await say('the first wording');
    await edit(t.api, ada, id, 'another wording');
    expect(await found(bob, 'first', { chatId })).toEqual([]);
    expect(await found(bob, 'another word', { chatId })).toEqual(['another wording']);
    await remove(t.api, ada, id);
    for (const q of ['first', 'another', 'wording']) expect(await found(bob, q, { chatId })).toEqual([]);
  });

  it('searches all own chats, the one that was active last first, page by page, and no foreign one', async () => {
    const [carol, eve] = [await t.world.person(), await t.world.person()];
    const chats: ChatId[] = [];
    for (let n = 0; n < 12; n += 1) chats.push(await openChat(t.api, carol, await t.world.person()));
    const expected: string[] = [];
    for (const [n, own] of chats.entries()) {
      const texts = [`apple ${n} a`, `pear ${n}`, `apples ${n} b`];
      for (const text of texts) await say(text, carol, own);
      expected.unshift(`apples ${n} b`, `apple ${n} a`);
    }
    await say('apple of somebody else');
    for (const limit of ['50', '7', '1']) expect(await all(carol, { q: 'app', limit })).toEqual(expected);
    expect(await found(eve, 'app')).toEqual([]);
  });

  it('pages through one chat', async () => {
    const [carol, dave] = [await t.world.person(), await t.world.person()];
    const own = await openChat(t.api, carol, dave);
    for (let n = 0; n < 30; n += 1) await say(`${n % 3 ? 'plum' : 'peach'} p${n % 9} ${n}`, carol, own);
    for (const q of ['p', 'plum p', 'pl']) {
      const whole = await found(carol, q, { chatId: own });
      expect(whole).toHaveLength(q === 'p' ? 30 : 20);
      expect(await all(dave, { q, chatId: own, limit: '3' })).toEqual(whole);
    }
  });

  it('finds every message of a prefix that begins many words, whether it is everywhere or nearly nowhere', async () => {
    const [carol, dave] = [await t.world.person(), await t.world.person()];
    const own = await openChat(t.api, carol, dave);
    const direct = openWorldDatabase(t.world);
    // `k…` begins 60 words of 60 messages in 1,500; `t…` 40 words that are in each.
    const textOf = (seq: number) => `${seq % 25 === 3 ? `k${seq}` : 'other'} t${seq % 40} ${seq}`;
    await fillChat(direct.database, { chatId: own, senderId: dave.id, count: 1_500, textOf });
    await direct.client.close();
    const expected = Array.from({ length: 60 }, (_, at) => textOf(1_478 - 25 * at));
    for (const limit of ['7', '50', '200']) expect(await all(carol, { q: 'k', chatId: own, limit })).toEqual(expected);
    const newest = Array.from({ length: 1_500 }, (_, at) => textOf(1_500 - at));
    expect(await all(dave, { q: 't', chatId: own, limit: '150' })).toEqual(newest);
    // In more messages than a page, and few enough to be named.
    expect(await all(dave, { q: '1', chatId: own, limit: '200' })).toEqual(
      newest.filter((text) => / 1\d*$/.test(text)),
    );
    expect(await all(dave, { q: 'other k', chatId: own, limit: '50' })).toEqual([]);
  });

  it('refuses strangers, and what is no request', async () => {
    const eve = await t.world.person();
    const statusOf = async (query: string, as?: Person) => {
      const { status, body } = await get(t.api, `/api/v1/chat/search?${query}`, as);
      return [status, (body as { code?: string }).code];
    };
    expect(await statusOf(`q=koln&chatId=${chatId}`, eve)).toEqual([404, 'chat_not_found']);
    expect(await statusOf(`q=koln&chatId=${newChatId()}`, eve)).toEqual([404, 'chat_not_found']);
    const foreign = Buffer.from(JSON.stringify([Date.now(), chatId, 9])).toString('base64url');
    expect(await statusOf(`q=koln&cursor=${foreign}`, eve)).toEqual([404, 'chat_not_found']);
    expect(await statusOf('q=koln')).toEqual([401, 'unauthorized']);
    const operator = Buffer.from(JSON.stringify([0, chatId, { $gt: 0 }])).toString('base64url');
    const long = 'x'.repeat(65);
    for (const bad of ['', 'q=', `q=${long}`, 'q=a&limit=0', 'q=a&limit=201', 'q[$ne]=a', 'q=a&q=b', 'q=a&chatId=x'])
      expect((await statusOf(bad, ada))[0], bad).toBe(400);
    for (const cursor of ['x', operator]) expect((await statusOf(`q=a&cursor=${cursor}`, ada))[0]).toBe(400);
  });
});
