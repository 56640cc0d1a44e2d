import { mediaAnswer, problem } from '@parley/contracts';
import { expect, test } from '@playwright/test';
import { v7 as uuid } from 'uuid';
import { env } from '../env.ts';
import { pngFile } from '../support/picture.ts';
import { seedPicture } from '../support/seed-picture.ts';
import { call, Person } from './person.ts';

const api = env.apiUrl;

test('the pictures of a chat, newest first, page by page, for its members; and their files for who has a URL', async () => {
  const [ada, bob, eve] = await Promise.all([Person.register(api), Person.register(api), Person.register(api)]);
  const { id: chatId } = await ada.chatWith(bob);
  const tokenOf = (person: Person) => ({ accessToken: person.token });
  for (const [person, text] of [[ada, 'one'], [bob, 'two'], [ada, 'three']] as const) {
    await seedPicture(tokenOf(person), chatId, pngFile(text, 64, 48), { text });
    await person.send(chatId, 'a word');
  } // prettier-ignore
  const path = `/api/v1/chat/media/${chatId}`;
  const media = async (person: Person, query = '') => mediaAnswer.parse((await person.call('GET', path + query)).body);

  const all = await media(bob);
  expect(all.messages.map(({ seq, text }) => [seq, text])).toEqual([[5, 'three'], [3, 'two'], [1, 'one']]); // prettier-ignore
  expect(all.hasMore).toBe(false);
  expect(await media(ada)).toEqual(all);
  expect((await media(ada, '?limit=1&before=5')).messages).toEqual(all.messages.slice(1, 2));
  expect(await media(ada, '?limit=1&after=1')).toEqual({ messages: all.messages.slice(1, 2), hasMore: true });

  for (const bad of ['?limit=0', '?before=x', '?before=1&after=1', '?cursor=x'])
    expect((await ada.call('GET', path + bad)).status, bad).toBe(400);
  const foreign = await eve.call('GET', path);
  expect(problem.parse(foreign.body)).toMatchObject({ status: 404, code: 'chat_not_found' });
  expect((await eve.call('GET', `/api/v1/chat/media/${uuid()}`)).status).toBe(404);
  expect((await call(api, 'GET', path)).status).toBe(401);
  expect((await call(api, 'POST', '/api/v1/chat/uploads', { body: {} })).status).toBe(401);

  const [newest] = all.messages;
  for (const url of [newest?.image?.url ?? '', newest?.image?.thumbUrl ?? '']) {
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url.split('?')[0] ?? '')).status).toBe(403);
    expect((await fetch(url.replace(/X-Amz-Signature=./, 'X-Amz-Signature=x'))).status).toBe(403);
  }
  expect((await eve.call('POST', `/api/v1/chat/uploads/${newest?.image?.uploadId}/complete`)).status).toBe(404);
  expect((await ada.call('DELETE', `/api/v1/chat/message/${newest?.id}`)).status).toBe(200);
  expect((await media(bob)).messages.map(({ seq }) => seq)).toEqual([3, 1]);
});
