import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageAnswer, messagesAnswer, type Message } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import { eventually, newClientMessageId } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, openChat, type Answer, type Person } from '../../chat-instance.fixture.ts';
import { HTML, noise, photoWithPlace, pixelBomb, SVG, twoHalves } from '../images/pictures.fixture.ts';
import { createUploadWorld, keysOf, type UploadWorld } from './upload-world.fixture.ts';

let w: UploadWorld;
let ada: Person;
let bob: Person;
let eve: Person;
let chatId: ChatId;
let photo: Buffer;
beforeAll(async () => {
  w = await createUploadWorld();
  [ada, bob, eve] = [await w.world.person(), await w.world.person(), await w.world.person()];
  chatId = await openChat(w.api, ada, bob);
  photo = await photoWithPlace();
});
afterAll(() => w.dispose());

const MESSAGE = '/api/v1/chat/message';
type Fields = Record<string, string>;
const fieldsOf = (more: Fields = {}): Fields => ({ chatId, clientMessageId: newClientMessageId(), ...more });

async function sendForm(as: Person | undefined, fields: Fields, file?: Buffer, type = 'image/jpeg'): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  if (file) form.set('image', new Blob([new Uint8Array(file)], { type }), 'picture');
  const headers: Fields = as ? { authorization: `Bearer ${as.token}` } : {};
  const answer = await fetch(w.api.url + MESSAGE, { method: 'POST', headers, body: form });
  return { status: answer.status, body: (await answer.json()) as never };
}
const messageOf = ({ status, body }: Answer): Message => {
  if (status !== 200 && status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return messageAnswer.parse(body).message;
};
const history = async () =>
  messagesAnswer.parse((await get(w.api, `${MESSAGE}/${chatId}?limit=200`, bob)).body).messages;
async function allKeys(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of w.storage.list('')) keys.push(key);
  return keys.sort();
}

describe('a message sent as a form', () => {
  it('is the message with its picture and its text; sent again, also at once, the same one', async () => {
    const fields = fieldsOf({ text: 'Berlin' });
    const first = await sendForm(ada, fields, photo);
    expect(first.status).toBe(201);
    const message = messageOf(first);
    expect(message).toMatchObject({ text: 'Berlin', image: { width: 64, height: 32, contentType: 'image/jpeg' } });
    const stored = await allKeys();
    const again = await Promise.all([1, 2, 3].map(() => sendForm(ada, fields, photo)));
    for (const answer of again) {
      expect(answer.status).toBe(200);
      expect(messageOf(answer)).toEqual(message);
    }
    expect(await allKeys()).toEqual(stored);

    const racing = fieldsOf();
    const answers = await Promise.all([1, 2, 3].map(() => sendForm(ada, racing, photo)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.map((answer) => messageOf(answer).id)).size).toBe(1);
    expect((await history()).map(({ id }) => id)).toEqual([message.id, messageOf(answers[0] as Answer).id]);
  });

  it('with another picture or text under the same id is a conflict', async () => {
    const fields = fieldsOf({ text: 'one' });
    expect((await sendForm(ada, fields, photo)).status).toBe(201);
    const other = await twoHalves(20, 10).jpeg().toBuffer();
    for (const answer of [await sendForm(ada, fields, other), await sendForm(ada, { ...fields, text: 'two' }, photo)])
      expect(answer).toMatchObject({ status: 422, body: { code: 'idempotency_conflict' } });
  });

  it('knows the type of a file that names none, and needs no file', async () => {
    const octets = await sendForm(ada, fieldsOf(), await twoHalves(9, 9).png().toBuffer(), 'application/octet-stream');
    expect(messageOf(octets).image).toMatchObject({ contentType: 'image/png' });
    expect(messageOf(await sendForm(ada, fieldsOf({ text: 'words' })))).toMatchObject({ text: 'words', image: null });
    const seq = String((await history()).length);
    expect(messageOf(await sendForm(ada, fieldsOf({ replyToSeq: seq }), photo))).toMatchObject({
      replyToSeq: Number(seq),
    });
  });

  it.each<[string, () => Promise<Buffer>, string, number, string]>([
    ['SVG', async () => SVG, 'image/svg+xml', 422, 'image_rejected'],
    ['SVG named PNG', async () => SVG, 'image/png', 422, 'image_rejected'],
    ['HTML named PNG', async () => HTML, 'image/png', 422, 'image_rejected'],
    ['HTML that names no type', async () => HTML, 'application/octet-stream', 422, 'image_rejected'],
    [
      'PNG’s signature before HTML',
      async () => Buffer.concat([pixelBomb(1, 1).subarray(0, 8), HTML]),
      'image/png',
      422,
      'image_rejected',
    ],
    ['JPEG named PNG', () => twoHalves(9, 9).jpeg().toBuffer(), 'image/png', 422, 'image_rejected'],
    ['a pixel bomb', async () => pixelBomb(50_000, 50_000), 'image/png', 422, 'image_rejected'],
    [
      'half a JPEG',
      async () => (await noise(99, 99).jpeg().toBuffer()).subarray(0, 2_000),
      'image/jpeg',
      422,
      'image_rejected',
    ],
    ['0 bytes', async () => Buffer.alloc(0), 'image/png', 422, 'image_rejected'],
    ['a byte over 10 MiB', async () => Buffer.alloc(10 * 1024 * 1024 + 1), 'image/png', 413, 'payload_too_large'],
  ])('FAULT 29: refuses %s, and keeps nothing', async (_what, make, type, status, code) => {
    const [before, stored] = [await history(), await allKeys()];
    expect(await sendForm(ada, fieldsOf({ text: 'kept by its client' }), await make(), type)).toMatchObject({
      status,
      body: { code },
    });
    expect(await history()).toEqual(before);
    await eventually(async () => expect(await allKeys()).toEqual(stored));
  });

  it('is nobody else’s: 404 for a stranger, 401 without a token, and nothing is kept of the picture', async () => {
    const stored = await allKeys();
    expect(await sendForm(eve, fieldsOf(), photo)).toMatchObject({ status: 404, body: { code: 'chat_not_found' } });
    expect(await sendForm(undefined, fieldsOf(), photo)).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    expect(await allKeys()).toEqual(stored);
  });

  it('has the fields of a message, each once, and one file', async () => {
    const bad = async (fields: Fields, file?: Buffer) =>
      expect(await sendForm(ada, fields, file)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    await bad({ ...fieldsOf(), senderId: eve.id }, photo);
    await bad({ ...fieldsOf(), uploadId: newClientMessageId() }, photo);
    await bad({ ...fieldsOf(), replyToSeq: 'x' }, photo);
    await bad({ ...fieldsOf(), image: 'no file' });
    await bad(fieldsOf());
    const { chatId: _, ...without } = fieldsOf();
    await bad(without, photo);
  });

  it.each([
    ['without a boundary', 'multipart/form-data', ''],
    ['that is none', 'multipart/form-data; boundary=x', 'no form'],
    [
      'that ends in the middle',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="image"; filename="p"\r\n\r\nabc',
    ],
    [
      'with a file that is no picture',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="other"; filename="p"\r\n\r\nabc\r\n--x--\r\n',
    ],
  ])('%s is refused in words', async (_what, type, body) => {
    const headers = { authorization: `Bearer ${ada.token}`, 'content-type': type };
    const answer = await fetch(w.api.url + MESSAGE, { method: 'POST', headers, body });
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'invalid_request' })]);
  });

  it('is told that it is too large while it is still being sent', async () => {
    const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'multipart/form-data; boundary=x' };
    const sending = httpRequest(w.api.url + MESSAGE, {
      method: 'POST',
      headers: { ...headers, connection: 'keep-alive' },
    });
    const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
    sending.write('--x\r\ncontent-disposition: form-data; name="image"; filename="p"\r\n\r\n');
    for (let n = 0; n < 12; n += 1) if (!sending.write(Buffer.alloc(1024 * 1024))) await once(sending, 'drain');
    const [answer] = await answered;
    expect([answer.statusCode, await json(answer)]).toEqual([
      413,
      expect.objectContaining({ code: 'payload_too_large' }),
    ]);
    sending.destroy();
  });

  it('waits for its turn: four of one person at once, others do not notice', async () => {
    const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'multipart/form-data; boundary=x' };
    const held = await Promise.all(
      [1, 2, 3, 4].map(async () => {
        const sending = httpRequest(w.api.url + MESSAGE, {
          method: 'POST',
          headers: { ...headers, expect: '100-continue' },
          agent: false,
        });
        sending.on('error', () => undefined);
        sending.flushHeaders();
        await once(sending, 'continue');
        sending.write('--x\r\n');
        return sending;
      }),
    );
    try {
      // They are taken once their tokens are known.
      await sleep(300);
      expect(await sendForm(ada, fieldsOf(), photo)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect((await sendForm(bob, fieldsOf(), photo)).status).toBe(201);
    } finally {
      for (const sending of held) sending.destroy();
    }
    await eventually(async () => expect((await sendForm(ada, fieldsOf(), photo)).status).toBe(201));
  });

  it('while S3 is away is told so and leaves nothing half stored; the same form succeeds when it is back', async () => {
    const fields = fieldsOf({ text: 'later' });
    const [before, stored] = [await history(), await allKeys()];
    w.proxy.cut();
    expect(await sendForm(ada, fields, photo)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    // Words need no S3.
    expect((await sendForm(ada, fieldsOf({ text: 'words' }))).status).toBe(201);
    w.proxy.restore();
    expect(await allKeys()).toEqual(stored);
    expect(await history()).toHaveLength(before.length + 1);
    const sent = await eventually(async () => messageOf(await sendForm(ada, fields, photo)), { timeoutMs: 20_000 });
    expect(sent).toMatchObject({ text: 'later', image: { width: 64 } });
    expect(await keysOf(w.storage, sent.image?.uploadId ?? '')).toEqual(['full', 'thumb']);
  }, 60_000);
});
