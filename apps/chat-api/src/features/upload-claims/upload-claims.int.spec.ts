import { avatarAnswer, type Avatar } from '@parley/contracts';
import type { UploadId } from '@parley/domain';
import { connectRabbit, createRpcClient, serveRpc, type Rabbit } from '@parley/rabbitmq';
import { createLogger } from '@parley/service-kit';
import { eventually } from '@parley/testing';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openChat, request, send, type Person } from '../../chat-instance.fixture.ts';
import type { Database } from '../../database.ts';
import { openWorldDatabase } from '../../fill-chat.fixture.ts';
import { animation, HTML, twoHalves } from '../images/pictures.fixture.ts';
import {
  createUploadWorld,
  keysOf,
  openUpload,
  putFile,
  upload,
  uploaded,
  type UploadWorld,
} from '../uploads/upload-world.fixture.ts';
import { createAvatarsShown } from './avatars-shown.ts';
import { CHECK_AFTER_MS } from './claim-avatar.ts';
import { createSettleAvatars, type AvatarsShown } from './settle-avatars.ts';

const logger = createLogger({ service: 'spec', level: 'silent' });

let w: UploadWorld;
let ada: Person;
let eve: Person;
let photo: Buffer;
let database: Database;
let client: { close(): Promise<void> };
let rabbit: Rabbit;
beforeAll(async () => {
  w = await createUploadWorld();
  [ada, eve] = [await w.world.person(), await w.world.person()];
  photo = await twoHalves(600, 300).jpeg().toBuffer();
  ({ database, client } = openWorldDatabase(w.world));
  rabbit = connectRabbit({ url: w.world.engines.rabbitUrl, name: 'spec', logger });
});
afterAll(async () => {
  await rabbit.close();
  await client.close();
  await w.dispose();
});

const ask = (method: 'PUT' | 'DELETE', uploadId: string, as?: Person) =>
  fetch(`${w.api.url}/internal/avatars/${uploadId}`, {
    method,
    headers: as ? { authorization: `Bearer ${as.token}` } : {},
  });
const claim = async (uploadId: string, as?: Person) => {
  const answer = await ask('PUT', uploadId, as);
  return { status: answer.status, body: (await answer.json()) as { code?: string } };
};
const claimed = async (uploadId: UploadId, as: Person): Promise<Avatar> => {
  const { status, body } = await claim(uploadId, as);
  expect([status, body.code]).toEqual([200, undefined]);
  return avatarAnswer.parse(body).avatar;
};
const newAvatar = async (as: Person): Promise<UploadId> => {
  const { uploadId } = await uploaded(w.api, as, photo);
  await claimed(uploadId, as);
  return uploadId;
};
const fileAt = async (key: string): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await w.storage.get(key, { maxBytes: 1e6 })).body) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
};

describe('PUT /internal/avatars/:id', () => {
  it('makes a square of the middle of a picture, and says the same again, also when asked at once', async () => {
    const { uploadId } = await uploaded(w.api, ada, photo);
    const answers = await Promise.all([1, 2, 3].map(() => claimed(uploadId, ada)));
    const [first] = answers as [Avatar];
    expect(answers).toEqual([first, first, first]);
    expect(first).toEqual({ uploadId, key: expect.stringMatching(/^avatar\//) as string });
    const { data, info } = await sharp(await fileAt(first.key))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 256, height: 256 });
    const at = (x: number) => [...data.subarray((128 * 256 + x) * info.channels, (128 * 256 + x) * info.channels + 3)];
    // Red and blue halves, 2:1: of each its inner half is left.
    expect(at(10)[0]).toBeGreaterThan(200);
    expect(at(245)[2]).toBeGreaterThan(200);
  });

  it('takes the first frame of an animation, whatever that weighs', async () => {
    const { uploadId } = await uploaded(w.api, ada, await animation('gif', 5), 'image/gif');
    const { key } = await claimed(uploadId, ada);
    const { format, pages, width } = await sharp(await fileAt(key), { animated: true }).metadata();
    expect({ format, pages: pages ?? 1, width }).toEqual({ format: 'webp', pages: 1, width: 256 });
  });

  it('is for who uploaded it, once it is complete, and while no message has it', async () => {
    const refused = async (uploadId: string, as: Person | undefined) => {
      const { status, body } = await claim(uploadId, as);
      return [status, body.code];
    };
    const { uploadId } = await uploaded(w.api, ada, photo);
    expect(await refused(uploadId, undefined)).toEqual([401, 'unauthorized']);
    expect(await refused(uploadId, eve)).toEqual([404, 'upload_not_found']);
    expect(await refused('0197d3a0-0000-7000-8000-00000000000c', ada)).toEqual([404, 'upload_not_found']);
    expect(await refused('nonsense', ada)).toEqual([400, 'invalid_request']);

    const pending = await openUpload(w.api, ada, photo.length);
    expect(await refused(pending.uploadId, ada)).toEqual([409, 'upload_incomplete']);
    await putFile(pending, photo);
    expect(await refused(pending.uploadId, ada)).toEqual([409, 'upload_incomplete']);

    const bad = await upload(w.api, ada, HTML, 'image/png');
    expect(bad.answer.status).toBe(422);
    expect(await refused(bad.uploadId, ada)).toEqual([404, 'upload_not_found']);

    const chatId = await openChat(w.api, ada, eve);
    expect(await send(w.api, ada, chatId, 'look', { uploadId })).toMatchObject({ status: 201 });
    expect(await refused(uploadId, ada)).toEqual([409, 'upload_used']);
    const shown = await newAvatar(ada);
    expect(await send(w.api, ada, chatId, 'me', { uploadId: shown })).toMatchObject({
      status: 409,
      body: { code: 'upload_used' },
    });
  });

  it('answers 503 while S3 is away, and is made whole by the next try', async () => {
    const { uploadId } = await uploaded(w.api, ada, photo);
    w.proxy.cut();
    expect(await claim(uploadId, ada)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    w.proxy.restore();
    const { key } = await eventually(() => claimed(uploadId, ada), { timeoutMs: 20_000 });
    expect((await fileAt(key)).length).toBeGreaterThan(100);
  });
});

describe('settling avatars', () => {
  let ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends) await end();
    ends = [];
  });
  const later = () => new Date(Date.now() + CHECK_AFTER_MS + 1_000);
  const settleWith = (avatarsShown: AvatarsShown, clock = later) =>
    createSettleAvatars({ uploads: database.uploads, storage: w.storage, avatarsShown, clock, logger })();
  const showing =
    (...ids: UploadId[]): AvatarsShown =>
    () =>
      Promise.resolve(new Set(ids));
  const everythingSettled = () => settleWith((avatars) => Promise.resolve(new Set(avatars.map((a) => a.uploadId))));

  it('keeps what is shown, of which only the square is left, and removes the rest whole', async () => {
    await everythingSettled();
    const [shown, unshown] = [await newAvatar(ada), await newAvatar(eve)];
    expect(await settleWith(showing(shown), () => new Date())).toEqual({ kept: 0, removed: 0 });
    expect(await settleWith(showing(shown))).toEqual({ kept: 1, removed: 1 });
    expect(await keysOf(w.storage, shown)).toEqual(['avatar']);
    expect(await keysOf(w.storage, unshown)).toEqual([]);
    expect(await database.uploads.findOne({ _id: unshown })).toBeNull();
    expect(await settleWith(showing())).toEqual({ kept: 0, removed: 0 });
    // Shown for years, and claimed once more by a retry: the same, without the files it was made of.
    expect((await claimed(shown, ada)).uploadId).toBe(shown);
  });

  it('removes what was released and is shown no more, not what only its owner may release, or what the profile kept', async () => {
    await everythingSettled();
    const [replaced, kept] = [await newAvatar(ada), await newAvatar(ada)];
    await settleWith(showing(replaced, kept));
    expect((await ask('DELETE', replaced, eve)).status).toBe(204);
    expect((await ask('DELETE', replaced)).status).toBe(401);
    expect(await settleWith(showing())).toEqual({ kept: 0, removed: 0 });
    expect((await ask('DELETE', replaced, ada)).status).toBe(204);
    // The change of the profile came to nothing.
    expect((await ask('DELETE', kept, ada)).status).toBe(204);
    expect(await settleWith(showing(kept))).toEqual({ kept: 1, removed: 1 });
    expect(await keysOf(w.storage, replaced)).toEqual([]);
    expect(await keysOf(w.storage, kept)).toEqual(['avatar']);
    expect((await ask('DELETE', replaced, ada)).status).toBe(204);
  });

  it('removes nothing while user-api cannot be asked, and asks it over the broker', async () => {
    await everythingSettled();
    const uploadId = await newAvatar(ada);
    const users = createRpcClient(rabbit, { queue: 'user.commands', timeoutMs: 2_000 });
    ends.push(() => users.close());
    const shown = createAvatarsShown(users);
    await eventually(() => expect(settleWith(shown)).rejects.toThrow('nobody serves'));
    expect(await keysOf(w.storage, uploadId)).toEqual(['avatar', 'full', 'thumb']);

    const asked: unknown[] = [];
    const server = serveRpc(rabbit, {
      queue: 'user.commands',
      handlers: {
        'user.presence': () => Promise.resolve({ presence: {} }),
        'user.avatarsShown': ({ avatars }) => {
          asked.push(...avatars);
          return Promise.resolve({ uploadIds: [] });
        },
      },
      onError: (error) => ({ code: 'internal_error', detail: String(error) }),
    });
    ends.push(() => server.close());
    await server.ready();
    expect(await settleWith(shown)).toEqual({ kept: 0, removed: 1 });
    expect(asked).toEqual([{ userId: ada.id, uploadId }]);
  });

  it('leaves alone what is claimed again while user-api is asked', async () => {
    await everythingSettled();
    const uploadId = await newAvatar(ada);
    const slow: AvatarsShown = async () => {
      await claimed(uploadId, ada);
      return new Set();
    };
    expect(await settleWith(slow)).toEqual({ kept: 0, removed: 0 });
    expect(await keysOf(w.storage, uploadId)).toEqual(['avatar', 'full', 'thumb']);
    expect((await claimed(uploadId, ada)).uploadId).toBe(uploadId);
  });

  it('is no business of the sweeper of unused uploads', async () => {
    const uploadId = await newAvatar(ada);
    expect(await database.uploads.findOne({ _id: uploadId })).not.toHaveProperty('expiresAt');
    const answer = await request(w.api, 'POST', `/api/v1/chat/uploads/${uploadId}/complete`, { as: ada, body: {} });
    expect(answer).toMatchObject({ status: 200, body: { image: { uploadId } } });
  });
});
