import { mediaAnswer, messageAnswer, type Message } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import { newClientMessageId } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, openChat, post, remove, request, send, type Person } from '../../chat-instance.fixture.ts';
import { photoWithPlace } from '../images/pictures.fixture.ts';
import { createUploadWorld, uploaded, type UploadWorld } from '../uploads/upload-world.fixture.ts';

let w: UploadWorld;
let ada: Person;
let bob: Person;
let eve: Person;
let chatId: ChatId;
/** Of the pictures, ascending. */
const sent: Message[] = [];
beforeAll(async () => {
  w = await createUploadWorld();
  [ada, bob, eve] = [await w.world.person(), await w.world.person(), await w.world.person()];
  chatId = await openChat(w.api, ada, bob);
  const photo = await photoWithPlace();
  // A word after each picture: the seqs of pictures are 1, 3, 5, 7, 9.
  for (let i = 0; i < 5; i += 1) {
    const { uploadId } = await uploaded(w.api, i % 2 === 0 ? ada : bob, photo);
    const body = { chatId, clientMessageId: newClientMessageId(), uploadId, ...(i === 2 ? { text: 'Berlin' } : {}) };
    const answer = await post(w.api, '/api/v1/chat/message', body, i % 2 === 0 ? ada : bob);
    sent.push(messageAnswer.parse(answer.body).message);
    await send(w.api, bob, chatId, 'a word');
  }
});
afterAll(() => w.dispose());

const media = async (as: Person, query = '') => {
  const { status, body } = await get(w.api, `/api/v1/chat/media/${chatId}${query}`, as);
  expect(status).toBe(200);
  return mediaAnswer.parse(body);
};
const seqs = async (as: Person, query = '') => {
  const { messages, hasMore } = await media(as, query);
  return [messages.map(({ seq }) => seq), hasMore];
};

describe('the pictures of a chat', () => {
  it('are listed newest first, as the messages they are, for both members', async () => {
    const all = await media(ada);
    expect(all).toEqual({ messages: sent.toReversed(), hasMore: false });
    expect(all.messages[2]).toMatchObject({ text: 'Berlin', image: { width: 64, height: 32 } });
    expect(await media(bob)).toEqual(all);
  });

  it('come page by page, in either direction from a seq, whether there is a picture at it or not', async () => {
    expect(await seqs(ada, '?limit=2')).toEqual([[9, 7], true]);
    expect(await seqs(ada, '?limit=2&before=7')).toEqual([[5, 3], true]);
    expect(await seqs(ada, '?limit=2&before=4')).toEqual([[3, 1], false]);
    expect(await seqs(ada, '?before=1')).toEqual([[], false]);
    expect(await seqs(ada, '?limit=2&after=1')).toEqual([[5, 3], true]);
    expect(await seqs(ada, '?limit=2&after=6')).toEqual([[9, 7], false]);
    expect(await seqs(ada, '?after=9')).toEqual([[], false]);
  });

  it('are for members; anybody else hears what they hear of a chat that does not exist', async () => {
    const path = `/api/v1/chat/media/${chatId}`;
    const foreign = await get(w.api, path, eve);
    expect(foreign).toMatchObject({ status: 404, body: { code: 'chat_not_found' } });
    const none = await get(w.api, `/api/v1/chat/media/${newClientMessageId()}`, eve);
    expect({ ...(foreign.body as object), requestId: '' }).toEqual({ ...(none.body as object), requestId: '' });
    expect(await get(w.api, path)).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });

  it.each(['?limit=0', '?limit=201', '?before=-1', '?before=x', '?before=3&after=1', '?q=cat', '?before=1&before=2'])(
    'refuse %s',
    async (query) => {
      const answer = await get(w.api, `/api/v1/chat/media/${chatId}${query}`, ada);
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    },
  );

  it('refuse an id that is none', async () => {
    expect(await get(w.api, '/api/v1/chat/media/x', ada)).toMatchObject({ status: 400 });
  });

  it('show a caption that was changed, and lose a picture with its message', async () => {
    const [, second] = sent as [Message, Message];
    await request(w.api, 'PATCH', `/api/v1/chat/message/${second.id}`, { as: bob, body: { text: 'now with words' } });
    const { messages } = await media(ada, '?before=4&limit=1');
    expect(messages).toMatchObject([{ seq: 3, text: 'now with words', image: second.image }]);
    expect((await remove(w.api, bob, second.id)).status).toBe(200);
    expect(await seqs(ada)).toEqual([[9, 7, 5, 1], false]);
    expect(await seqs(ada, '?limit=1&before=5')).toEqual([[1], false]);
  });
});
