import { messageAnswer, messagesAnswer, newUploadAnswer, problem, type NewUploadAnswer } from '@parley/contracts';
import { expect, test } from '@playwright/test';
import { v7 as uuid } from 'uuid';
import { env } from '../env.ts';
import { noisyPngFile, pngFile } from '../support/picture.ts';
import { seedPicture } from '../support/seed-picture.ts';
import { call, next, Person, type Answer } from './person.ts';
import { sendForm, type FormFile } from './picture-form.ts';

const api = env.apiUrl;
const UPLOADS = '/api/v1/chat/uploads';
const MESSAGE = '/api/v1/chat/message';
const photo = pngFile('photo', 96, 64);

let ada: Person;
let bob: Person;
let eve: Person;
let chatId: string;
test.beforeAll(async () => {
  [ada, bob, eve] = await Promise.all([Person.register(api), Person.register(api), Person.register(api)]);
  ({ id: chatId } = await ada.chatWith(bob));
});

function expectProblem(answer: Answer, status: number, code: string, detail = /./): void {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(problem.parse(answer.body)).toMatchObject({ status, code, detail: expect.stringMatching(detail) });
  expect(answer.status).toBe(status);
}
const history = async () => messagesAnswer.parse((await ada.call('GET', `${MESSAGE}/${chatId}`)).body).messages;
/** The time of signing a URL, another second of the same day: the credential names the day. */
const earlier = (url: string): string =>
  (new URL(url).searchParams.get('X-Amz-Date') ?? '').replace(/\d\dZ$/, (end) => (end === '00Z' ? '01Z' : '00Z'));
const sendUpload = (as: Person, uploadId: string) =>
  as.call('POST', MESSAGE, { chatId, clientMessageId: uuid(), uploadId });
const opened = async (as: Person): Promise<NewUploadAnswer> => {
  const { status, body } = await as.call('POST', UPLOADS, { contentType: 'image/png', bytes: photo.buffer.length });
  expect(status).toBe(201);
  return newUploadAnswer.parse(body);
};
const put = async (url: string, headers: Record<string, string>, file = photo.buffer) =>
  (await fetch(url, { method: 'PUT', headers, body: new Uint8Array(file) })).status;
const complete = (as: Person, uploadId: string) => as.call('POST', `${UPLOADS}/${uploadId}/complete`);
const uploaded = async (as: Person): Promise<string> => {
  const { uploadId, url, headers } = await opened(as);
  expect(await put(url, headers)).toBe(200);
  expect((await complete(as, uploadId)).status).toBe(200);
  return uploadId;
};

test.describe('a message sent as a form', () => {
  test('reaches the other member with a picture that loads, and sent again is the same message', async () => {
    const socket = await bob.connect();
    const pushed = next(socket, 'message');
    const fields = { chatId, clientMessageId: uuid(), text: 'Look' };
    const answer = await sendForm(api, ada.token, fields, photo);
    expect(answer.status).toBe(201);
    const { message } = messageAnswer.parse(answer.body);
    expect(message).toMatchObject({ senderId: ada.id, text: 'Look', image: { width: 96, height: 64 } });
    expect((await pushed).message).toEqual(message);
    bob.close();

    for (const url of [message.image?.url ?? '', message.image?.thumbUrl ?? '']) {
      const file = await fetch(url);
      expect(file.status).toBe(200);
      expect(file.headers.get('content-type')).toMatch(/^image\/(png|webp)$/);
      expect(file.headers.get('content-disposition')).toMatch(/^inline; filename="parley-/);
    }
    const again = await sendForm(api, ada.token, fields, photo);
    expect(again.status).toBe(200);
    expect(messageAnswer.parse(again.body).message).toEqual(message);
    expectProblem(await sendForm(api, ada.token, fields, pngFile('other', 50, 50)), 422, 'idempotency_conflict');
  });

  test('is refused to strangers and without a token, and for what is no picture or too large; nothing is kept', async () => {
    const before = await history();
    expectProblem(await sendForm(api, eve.token, { chatId }, photo), 404, 'chat_not_found');
    expectProblem(await sendForm(api, undefined, { chatId }, photo), 401, 'unauthorized');
    expectProblem(await sendForm(api, 'no-token', { chatId }, photo), 401, 'unauthorized');

    const page = Buffer.from('<!doctype html><script>alert(1)</script>');
    const refused: [FormFile, RegExp][] = [
      [{ mimeType: 'text/html', buffer: page }, /JPEG, PNG/],
      [{ mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') }, /JPEG, PNG/],
      [{ mimeType: 'image/png', buffer: page }, /not of the type/],
      [{ mimeType: 'image/jpeg', buffer: photo.buffer }, /not of the type/],
      [{ mimeType: 'image/png', buffer: photo.buffer.subarray(0, 200) }, /damaged/],
      [{ mimeType: 'image/png', buffer: Buffer.alloc(0) }, /empty/],
    ];
    for (const [file, detail] of refused)
      expectProblem(await sendForm(api, ada.token, { chatId, text: 'kept' }, file), 422, 'image_rejected', detail);
    const large = { ...photo, buffer: Buffer.alloc(10 * 1024 * 1024 + 1) };
    expectProblem(await sendForm(api, ada.token, { chatId }, large), 413, 'payload_too_large');
    expectProblem(await sendForm(api, ada.token, { chatId, uploadId: uuid() }, photo), 400, 'invalid_request');
    expectProblem(await sendForm(api, ada.token, { chatId: 'none' }, photo), 400, 'invalid_request');
    expect(await history()).toEqual(before);
  });
});

test.describe('an upload', () => {
  test('is opened by who is signed in, of five types and 10 MiB', async () => {
    const good = { contentType: 'image/png', bytes: 100 };
    expectProblem(await call(api, 'POST', UPLOADS, { body: good }), 401, 'unauthorized');
    for (const bad of [{ contentType: 'image/svg+xml' }, { bytes: 0 }, { bytes: 10 * 1024 * 1024 + 1 }, { extra: 1 }])
      expectProblem(await ada.call('POST', UPLOADS, { ...good, ...bad }), 400, 'invalid_request');
  });

  test('takes this file, once, and its URL nothing else', async () => {
    const { uploadId, url, headers } = await opened(ada);
    const changed = (name: string, value: string): string => {
      const other = new URL(url);
      other.searchParams.set(name, value);
      return other.href;
    };
    for (const bad of [
      url.split('?')[0] ?? '',
      url.replace('/raw/', '/full/'),
      changed('X-Amz-Expires', '604800'),
      changed('X-Amz-Signature', '0'.repeat(64)),
      changed('X-Amz-Date', earlier(url)),
    ])
      expect(await put(bad, headers), bad).toBe(403);
    expect(await put(url, { ...headers, 'content-type': 'text/html' })).toBe(403);
    expect(await put(url, headers, photo.buffer.subarray(1))).toBe(403);
    expect(await put(url, headers, Buffer.alloc(0))).toBe(403);
    expect((await fetch(url)).status).toBe(403);
    expectProblem(await complete(ada, uploadId), 409, 'upload_incomplete');
    expect(await put(url, headers)).toBe(200);
    expect(await put(url, headers)).toBe(412);
  });

  test('is completed and sent by its uploader, in one message; a stranger’s and a logged-out try tell nothing', async () => {
    const { uploadId, url, headers } = await opened(ada);
    expectProblem(await sendUpload(ada, uploadId), 409, 'upload_incomplete');
    expect(await put(url, headers)).toBe(200);
    const path = `${UPLOADS}/${uploadId}/complete`;
    expectProblem(await call(api, 'POST', path), 401, 'unauthorized');
    const foreign = await complete(eve, uploadId);
    expectProblem(foreign, 404, 'upload_not_found');
    const none = await complete(eve, uuid());
    expect({ ...none.body, requestId: '' }).toEqual({ ...foreign.body, requestId: '' });
    expect((await complete(ada, uploadId)).status).toBe(200);
    expect((await complete(ada, uploadId)).status).toBe(200);

    // The other member is a stranger to what isn't sent yet.
    for (const other of [bob, eve]) {
      expectProblem(await sendUpload(other, uploadId), 404, other === bob ? 'upload_not_found' : 'chat_not_found');
      const asAvatar = await other.call('PATCH', '/api/v1/users/me', { avatarUploadId: uploadId });
      expectProblem(asAvatar, 404, 'upload_not_found');
    }
    expectProblem(await sendUpload(ada, uuid()), 404, 'upload_not_found');
    expect((await sendUpload(ada, uploadId)).status).toBe(201);
    expectProblem(await sendUpload(ada, uploadId), 409, 'upload_used');
    expectProblem(await ada.call('PATCH', '/api/v1/users/me', { avatarUploadId: uploadId }), 409, 'upload_used');
  });

  test('that was opened for one file and filled with another is rejected, for good', async () => {
    const page = Buffer.from('<!doctype html><title>a picture</title>');
    const { status, body } = await ada.call('POST', UPLOADS, { contentType: 'image/png', bytes: page.length });
    expect(status).toBe(201);
    const { uploadId, url, headers } = newUploadAnswer.parse(body);
    expect(await put(url, headers, page)).toBe(200);
    for (let n = 0; n < 2; n += 1)
      expectProblem(await complete(ada, uploadId), 422, 'image_rejected', /not of the type/);
    expectProblem(await sendUpload(ada, uploadId), 404, 'upload_not_found');
  });

  test('is claimed as an avatar by user-api only: the way to it is not public', async () => {
    const uploadId = await uploaded(ada);
    for (const method of ['PUT', 'DELETE']) {
      expect((await ada.call(method, `/internal/avatars/${uploadId}`)).status).toBe(404);
      expect((await ada.call(method, `/api/v1/chat/../../../internal/avatars/${uploadId}`)).status).toBe(404);
    }
    const { status, body } = await ada.call<{ user: { avatarUrl: string } }>('PATCH', '/api/v1/users/me', {
      avatarUploadId: uploadId,
    });
    expect(status).toBe(200);
    const { avatarUrl } = body.user;
    expect((await fetch(avatarUrl)).headers.get('content-type')).toBe('image/webp');
    expect((await fetch(avatarUrl.split('?')[0] ?? '')).status).toBe(403);
    expectProblem(await sendUpload(ada, uploadId), 409, 'upload_used');
  });
});

test('a picture’s URL is for members, works as it was signed and in no other way, and is told to nobody else', async () => {
  const { image } = await seedPicture({ accessToken: ada.token }, chatId, noisyPngFile('noise', 60_000));
  if (!image) throw new Error('no picture');
  for (const url of [image.url, image.thumbUrl]) {
    // Loaded by <img>, so by whoever was given it, without a token.
    expect((await fetch(url)).status).toBe(200);
    const signed = new URL(url);
    expect((await fetch(signed.origin + signed.pathname)).status).toBe(403);
    const token = { headers: { authorization: `Bearer ${ada.token}` } };
    expect([400, 403]).toContain((await fetch(signed.origin + signed.pathname, token)).status);
    const tamper = (name: string, value: string): string => {
      const other = new URL(url);
      other.searchParams.set(name, value);
      return other.href;
    };
    for (const bad of [
      tamper('X-Amz-Expires', '604800'),
      tamper('X-Amz-Signature', 'f'.repeat(64)),
      tamper('X-Amz-Date', earlier(url)),
      tamper('response-content-type', 'text/html'),
      tamper('response-content-disposition', 'attachment'),
      url.replace(/\/(full|thumb)\//, '/raw/'),
    ])
      expect((await fetch(bad)).status, bad).toBe(403);
    for (const method of ['PUT', 'DELETE']) expect((await fetch(url, { method })).status, method).toBe(403);
    expect([403, 404]).toContain((await fetch(`${signed.origin}/${signed.pathname.split('/')[1] ?? ''}`)).status);
  }

  for (const path of [`${MESSAGE}/${chatId}`, `/api/v1/chat/media/${chatId}`]) {
    expectProblem(await eve.call('GET', path), 404, 'chat_not_found');
    expectProblem(await call(api, 'GET', path), 401, 'unauthorized');
  }
  const synced = await eve.call('POST', '/api/v1/chat/sync', { cursors: { [chatId]: 0 } });
  expect(synced).toMatchObject({ status: 200, body: { chats: [] } });
  const here = messagesAnswer.parse((await bob.call('GET', `${MESSAGE}/${chatId}`)).body).messages;
  expect(here.at(-1)?.image).toEqual(image);
});
