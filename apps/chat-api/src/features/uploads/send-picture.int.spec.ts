import { generateKeyPairSync } from 'node:crypto';
import { messageAnswer, messagesAnswer, type Message, type MessageImage } from '@parley/contracts';
import { verifyLink, type ChatId, type UploadId } from '@parley/domain';
import { eventually, newClientMessageId } from '@parley/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createBrokerPeers,
  get,
  openChat,
  post,
  remove,
  request,
  type Answer,
  type Person,
} from '../../chat-instance.fixture.ts';
import { photoWithPlace } from '../images/pictures.fixture.ts';
import { sha256 } from '../messages/hash.ts';
import { createUploadWorld, openUpload, upload, uploaded, type UploadWorld } from './upload-world.fixture.ts';

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
const sendPicture = (as: Person, uploadId: UploadId, more: object = {}): Promise<Answer> =>
  post(w.api, MESSAGE, { chatId, clientMessageId: newClientMessageId(), uploadId, ...more }, as);
const fresh = async (as = ada) => (await uploaded(w.api, as, photo)).uploadId;
const messageOf = ({ status, body }: Answer): Message => {
  if (status !== 200 && status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return messageAnswer.parse(body).message;
};
const imageOf = (answer: Answer): MessageImage => {
  const { image } = messageOf(answer);
  if (!image) throw new Error('no picture');
  return image;
};

describe('sending a picture', () => {
  it('carries it, with a caption or none, to both members, wherever they read it', async () => {
    const uploadId = await fresh();
    const peers = await createBrokerPeers(w.world.engines.rabbitUrl);
    const sent = messageOf(await sendPicture(ada, uploadId));
    expect(sent).toMatchObject({ text: null, image: { uploadId, width: 64, height: 32, contentType: 'image/jpeg' } });
    const captioned = messageOf(await sendPicture(ada, await fresh(), { text: 'Berlin' }));
    expect(captioned).toMatchObject({ text: 'Berlin', image: { width: 64 } });

    const page = messagesAnswer.parse((await get(w.api, `${MESSAGE}/${chatId}`, bob)).body);
    expect(page.messages).toEqual([sent, captioned]);
    expect(await verifyLink(sent.prevHash, sent, sha256)).toBeNull();
    expect(await verifyLink(sent.hash, captioned, sha256)).toBeNull();
    const synced = await post(w.api, '/api/v1/chat/sync', { cursors: { [chatId]: 0 } }, bob);
    expect(synced.body).toMatchObject({ chats: [{ messages: [sent, captioned] }] });
    await eventually(async () =>
      expect((await get(w.api, '/api/v1/chat/all', bob)).body).toMatchObject({ chats: [{ lastMessage: captioned }] }),
    );
    await eventually(() =>
      expect(peers.events.map(({ payload }) => payload)).toContainEqual(expect.objectContaining({ message: sent })),
    );
    const overRpc = await peers.rpc.call('chat.sendMessage', {
      callerId: ada.id,
      chatId,
      clientMessageId: newClientMessageId(),
      uploadId: await fresh(),
    });
    expect(overRpc.message.image).toMatchObject({ width: 64 });
    await peers.close();
  });

  it('serves it by URLs that need no token, say what it is, and stay the same', async () => {
    const answer = await sendPicture(ada, await fresh());
    const { url, thumbUrl, bytes, contentType } = imageOf(answer);
    const full = await fetch(url);
    expect(full.status).toBe(200);
    expect(full.headers.get('content-type')).toBe(contentType);
    expect(full.headers.get('content-disposition')).toMatch(/^inline; filename="parley-[0-9a-f]{12}\.jpeg"/);
    const file = Buffer.from(await full.arrayBuffer());
    expect(file).toHaveLength(bytes);
    expect((await sharp(file).metadata()).exif).toBeUndefined();
    const thumb = await fetch(thumbUrl);
    expect([thumb.status, thumb.headers.get('content-type')]).toEqual([200, 'image/webp']);

    const other = await w.world.start({ env: w.env });
    const page = messagesAnswer.parse((await get(other, `${MESSAGE}/${chatId}?limit=1`, bob)).body);
    expect(page.messages[0]?.image).toEqual(imageOf(answer));
    await other.stop();
  });

  it('serves it through CloudFront where that is configured, and takes uploads at the bucket', async () => {
    const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    const cloudFront = { CLOUDFRONT_DOMAIN: 'd1.cloudfront.net', CLOUDFRONT_KEY_PAIR_ID: 'K2' };
    const other = await w.world.start({ env: { ...w.env, ...cloudFront, CLOUDFRONT_PRIVATE_KEY: String(pem) } });
    const { uploadId, answer } = await upload(other, ada, photo);
    expect(answer.status).toBe(200);
    const body = { chatId, clientMessageId: newClientMessageId(), uploadId };
    const { url, thumbUrl } = imageOf(await post(other, MESSAGE, body, ada));
    for (const served of [url, thumbUrl])
      expect(served).toMatch(/^https:\/\/d1\.cloudfront\.net\/(full|thumb)\/\S+&Signature=[\w~-]+&Key-Pair-Id=K2$/);
    await other.stop();
  });

  it('FAULT 29: serves no place, owner or camera that the photo told of', async () => {
    expect(photo.includes('Ada-Lovelace') && (await sharp(photo).metadata()).exif !== undefined).toBe(true);
    const { url, thumbUrl } = imageOf(await sendPicture(ada, await fresh()));
    for (const served of [url, thumbUrl]) {
      const file = Buffer.from(await (await fetch(served)).arrayBuffer());
      const { exif, icc, xmp, iptc, width } = await sharp(file).metadata();
      expect({ exif, icc, xmp, iptc, width }).toEqual({ width: 64 });
      expect(file.includes('Ada-Lovelace') || file.includes('Parley-Camera')).toBe(false);
    }
  });

  it('FAULT 29: serves nobody whose URL was made up, changed or has expired', async () => {
    const { url } = imageOf(await sendPicture(ada, await fresh()));
    const bare = url.split('?')[0] ?? '';
    const changed = new URL(url);
    changed.searchParams.set('X-Amz-Expires', '604800');
    for (const bad of [bare, changed.href, url.replace('/full/', '/raw/'), url.replace('image%2Fjpeg', 'text%2Fhtml')])
      expect((await fetch(bad)).status, bad).toBe(403);
    const clock = () => new Date(Date.now() - 2 * 3_600_000);
    const early = await w.world.start({ env: w.env, clock });
    const page = messagesAnswer.parse((await get(early, `${MESSAGE}/${chatId}?limit=1`, bob)).body);
    expect((await fetch(page.messages[0]?.image?.url ?? '')).status).toBe(403);
    await early.stop();
    expect((await get(w.api, `${MESSAGE}/${chatId}`, eve)).status).toBe(404);
    expect((await get(w.api, `${MESSAGE}/${chatId}`)).status).toBe(401);
  });

  it('FAULT 29: gives a picture to its uploader’s one message', async () => {
    const uploadId = await fresh();
    const theirs = await fresh(eve);
    const pending = (await openUpload(w.api, ada, 10)).uploadId;
    const refusals = [
      [bob, uploadId, 404, 'upload_not_found'],
      [ada, theirs, 404, 'upload_not_found'],
      [ada, newClientMessageId(), 404, 'upload_not_found'],
      [ada, pending, 409, 'upload_incomplete'],
      [eve, theirs, 404, 'chat_not_found'],
    ] as const;
    for (const [as, id, status, code] of refusals)
      expect(await sendPicture(as, id as UploadId)).toMatchObject({ status, body: { code } });
    expect(await sendPicture(ada, uploadId, { replyToSeq: 9_999 })).toMatchObject({
      body: { code: 'reply_not_found' },
    });
    expect((await sendPicture(ada, uploadId)).status).toBe(201);
    expect(await sendPicture(ada, uploadId)).toMatchObject({ status: 409, body: { code: 'upload_used' } });
    expect((await post(w.api, MESSAGE, { chatId, clientMessageId: newClientMessageId() }, ada)).status).toBe(400);
  });

  it('lets one of many sends at once have the picture, and many retries of one be the same message', async () => {
    const one = await fresh();
    const answers = await Promise.all(Array.from({ length: 8 }, () => sendPicture(ada, one)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(7);

    const other = await w.world.start({ env: w.env });
    const body = { chatId, clientMessageId: newClientMessageId(), uploadId: await fresh() };
    const retries = await Promise.all([w.api, other, w.api, other].map((api) => post(api, MESSAGE, body, ada)));
    expect(retries.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const retry of retries) expect(messageOf(retry)).toEqual(messageOf(retries[0] as Answer));
    const conflict = await post(w.api, MESSAGE, { ...body, uploadId: await fresh() }, ada);
    expect(conflict).toMatchObject({ status: 422, body: { code: 'idempotency_conflict' } });
    await other.stop();
  });

  it('loses it with the message; a retry still finds the tombstone', async () => {
    const body = { chatId, clientMessageId: newClientMessageId(), uploadId: await fresh(), text: 'gone soon' };
    const sent = messageOf(await post(w.api, MESSAGE, body, ada));
    expect(messageOf(await remove(w.api, ada, sent.id))).toMatchObject({ text: null, image: null });
    expect(messageOf(await post(w.api, MESSAGE, body, ada))).toMatchObject({ id: sent.id, image: null });
  });

  it('may get another caption', async () => {
    const sent = messageOf(await sendPicture(ada, await fresh()));
    const edited = await request(w.api, 'PATCH', `${MESSAGE}/${sent.id}`, {
      as: ada,
      body: { text: 'now with words' },
    });
    expect(messageOf(edited)).toMatchObject({ text: 'now with words', image: sent.image });
  });
});
