import { messageAnswer, type Message } from '@parley/contracts';
import type { ChatId, UploadId } from '@parley/domain';
import type { ObjectStorage } from '@parley/object-storage';
import { createLogger } from '@parley/service-kit';
import { eventually, newClientMessageId } from '@parley/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openChat, post, remove, type Answer, type Person } from '../../chat-instance.fixture.ts';
import { openDatabase, type Database } from '../../database.ts';
import { openWorldDatabase } from '../../fill-chat.fixture.ts';
import { HTML, photoWithPlace } from '../images/pictures.fixture.ts';
import { createClaimTask } from './claim-task.ts';
import { createPictureService } from './picture-service.ts';
import { createSweepUploads } from './sweep-uploads.ts';
import {
  complete,
  createUploadWorld,
  keysOf,
  openUpload,
  putFile,
  upload,
  uploaded,
  UPLOADS,
  type UploadWorld,
} from './upload-world.fixture.ts';

const logger = createLogger({ service: 'spec', level: 'silent' });
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

let w: UploadWorld;
let ada: Person;
let bob: Person;
let chatId: ChatId;
let photo: Buffer;
let database: Database;
let client: ReturnType<typeof openWorldDatabase>['client'];
beforeAll(async () => {
  w = await createUploadWorld();
  bob = await w.world.person();
  photo = await photoWithPlace();
  ({ database, client } = openWorldDatabase(w.world));
});
beforeEach(async () => {
  // A quota of their own, and nothing of others to sweep.
  ada = await w.world.person();
  chatId = await openChat(w.api, ada, bob);
  await sweepLater(400 * DAY).expired();
});
afterAll(async () => {
  await client.close();
  await w.dispose();
});

/** The sweeper of an instance, by a clock that is so many milliseconds ahead. */
const sweepLater = (ms: number, on: Pick<Database, 'uploads' | 'messages'> = database) =>
  createSweepUploads({ ...on, storage: w.storage, clock: () => new Date(Date.now() + ms), logger });
const uploadOf = (_id: UploadId) => database.uploads.findOne({ _id });
const put = async (file: Buffer): Promise<UploadId> => {
  const opened = await openUpload(w.api, ada, file.length);
  expect(await putFile(opened, file)).toBe(200);
  return opened.uploadId;
};
const ready = async () => (await uploaded(w.api, ada, photo)).uploadId;
const sendPicture = (uploadId: UploadId): Promise<Answer> =>
  post(w.api, '/api/v1/chat/message', { chatId, clientMessageId: newClientMessageId(), uploadId }, ada);
const sent = async (): Promise<Message & { uploadId: UploadId }> => {
  const uploadId = await ready();
  const { message } = messageAnswer.parse((await sendPicture(uploadId)).body);
  return { ...message, uploadId };
};
const loads = async ({ image }: Message) => (await fetch(image?.url ?? '')).status;

describe('the sweep of uploads whose time has passed', () => {
  it('removes what was opened, uploaded or completed and never sent, each in its time, with its files', async () => {
    const opened = (await openUpload(w.api, ada, photo.length)).uploadId;
    const raw = await put(photo);
    const whole = await ready();
    expect(await sweepLater(59 * MINUTE).expired()).toEqual({ kept: 0, removed: 0 });
    expect(await sweepLater(61 * MINUTE).expired()).toEqual({ kept: 0, removed: 2 });
    for (const id of [opened, raw]) expect([await uploadOf(id), await keysOf(w.storage, id)]).toEqual([null, []]);
    expect(await complete(w.api, ada, raw)).toMatchObject({ status: 404, body: { code: 'upload_not_found' } });

    await eventually(async () => expect(await keysOf(w.storage, whole)).toEqual(['full', 'thumb']));
    expect(await sweepLater(23 * HOUR).expired()).toEqual({ kept: 0, removed: 0 });
    expect(await sweepLater(25 * HOUR).expired()).toEqual({ kept: 0, removed: 1 });
    expect([await uploadOf(whole), await keysOf(w.storage, whole)]).toEqual([null, []]);
    expect(await sendPicture(whole)).toMatchObject({ status: 404, body: { code: 'upload_not_found' } });
  });

  it('removes what was rejected, and repeats until then why', async () => {
    const { uploadId, answer } = await upload(w.api, ada, HTML);
    expect(answer.status).toBe(422);
    expect((await complete(w.api, ada, uploadId)).body).toMatchObject({ code: 'image_rejected' });
    expect(await sweepLater(61 * MINUTE).expired()).toEqual({ kept: 0, removed: 1 });
    expect((await complete(w.api, ada, uploadId)).status).toBe(404);
  });

  it('never removes a picture that a message shows, also where a crash left it with an end', async () => {
    const plain = await sent();
    const crashed = await sent();
    await eventually(async () => expect(await uploadOf(crashed.uploadId)).not.toHaveProperty('expiresAt'));
    await database.uploads.updateOne({ _id: crashed.uploadId }, { $set: { expiresAt: new Date() } });
    expect(await sweepLater(300 * DAY).expired()).toEqual({ kept: 1, removed: 0 });
    expect(await sweepLater(300 * DAY).leftovers()).toBe(0);
    for (const message of [plain, crashed]) expect(await loads(message)).toBe(200);
    expect(await uploadOf(crashed.uploadId)).not.toHaveProperty('expiresAt');
  });

  it('removes a picture whose message was never stored, and one whose message was deleted', async () => {
    const lost = await ready();
    const refused = await post(
      w.api,
      '/api/v1/chat/message',
      { chatId, clientMessageId: newClientMessageId(), uploadId: lost, replyToSeq: 9_999 },
      ada,
    );
    expect(refused).toMatchObject({ body: { code: 'reply_not_found' } });
    const message = await sent();
    expect((await remove(w.api, ada, message.id)).status).toBe(200);
    // Its URL works until then: a minute, and up to another until the sweeper comes by.
    expect(await loads(message)).toBe(200);
    expect(await sweepLater(61_000).expired()).toEqual({ kept: 0, removed: 1 });
    expect(await loads(message)).toBe(404);
    expect(await sweepLater(25 * HOUR).expired()).toEqual({ kept: 0, removed: 1 });
    expect(await keysOf(w.storage, lost)).toEqual([]);
  });

  it('is done by two instances at once as by one', async () => {
    const gone = await Promise.all([ready(), put(photo), put(photo), ready()]);
    const shown = await sent();
    await database.uploads.updateOne({ _id: shown.uploadId }, { $set: { expiresAt: new Date() } });
    const other = openDatabase(client.db(w.world.engines.database));
    await Promise.all([sweepLater(25 * HOUR).expired(), sweepLater(25 * HOUR, other).expired()]);
    for (const id of gone) expect([await uploadOf(id), await keysOf(w.storage, id)]).toEqual([null, []]);
    expect(await loads(shown)).toBe(200);
    expect(await sweepLater(25 * HOUR).expired()).toEqual({ kept: 0, removed: 0 });
  });

  it('goes on where it failed: while S3 is away the upload is closed, and its document stays until the files are gone', async () => {
    const uploadId = await ready();
    const storage = { ...w.storage, delete: () => Promise.reject(new Error('S3 is away')) };
    const clock = () => new Date(Date.now() + 25 * HOUR);
    await expect(createSweepUploads({ ...database, storage, clock, logger }).expired()).rejects.toThrow('away');
    expect(await sendPicture(uploadId)).toMatchObject({ status: 404 });
    expect((await keysOf(w.storage, uploadId)).length).toBeGreaterThanOrEqual(2);
    expect(await sweepLater(25 * HOUR).expired()).toEqual({ kept: 0, removed: 1 });
    expect(await keysOf(w.storage, uploadId)).toEqual([]);
  });

  it('gives back the quota that abandoned uploads took', async () => {
    const good = { contentType: 'image/png', bytes: 10 };
    for (let n = 0; n < 40; n += 1) expect((await post(w.api, UPLOADS, good, ada)).status).toBe(201);
    expect(await post(w.api, UPLOADS, good, ada)).toMatchObject({ status: 429, body: { code: 'too_many_uploads' } });
    expect(await sweepLater(61 * MINUTE).expired()).toEqual({ kept: 0, removed: 40 });
    expect((await post(w.api, UPLOADS, good, ada)).status).toBe(201);
  });
});

describe('the service', () => {
  it('sweeps again and again, also after a sweep that failed, and ends with the last one', async () => {
    const uploadId = await put(photo);
    const orphan = `full/${newClientMessageId()}/0123456789abcdef01234567`;
    await w.storage.put({ key: orphan, body: Buffer.from('x'), contentType: 'image/png' });
    let failures = 2;
    const storage: ObjectStorage = {
      ...w.storage,
      delete: (keys) => {
        failures -= 1;
        return failures >= 0 ? Promise.reject(new Error('S3 is away')) : w.storage.delete(keys);
      },
    };
    const clock = () => new Date(Date.now() + 25 * HOUR);
    const service = createPictureService({ database, storage, clock, logger, sweepMs: 50 });
    service.start();
    await eventually(async () => expect(await uploadOf(uploadId)).toBeNull());
    await eventually(async () => expect(await w.storage.head(orphan)).toBeUndefined());
    await service.stop();
    expect(failures).toBeLessThan(0);
  });
});

describe('the sweep of files that no upload stands for', () => {
  const place = (uploadId: string) => `${uploadId}/0123456789abcdef01234567`;
  const leave = (key: string) => w.storage.put({ key, body: Buffer.from('x'), contentType: 'image/png' });

  it('removes raw and rendered ones after a day, and leaves those of uploads', async () => {
    const orphan = newClientMessageId();
    const kinds = ['avatar', 'full', 'raw', 'thumb'];
    for (const kind of kinds) await leave(`${kind}/${place(orphan)}`);
    const whole = await ready();
    const message = await sent();
    // An upload's own, put again after it was complete; and one under its id that it does not name.
    const { keys } = (await uploadOf(message.uploadId)) ?? { keys: { raw: '' } };
    await eventually(async () => expect(await keysOf(w.storage, message.uploadId)).toEqual(['full', 'thumb']));
    await leave(keys.raw);
    await leave(`full/${place(message.uploadId)}`);

    expect(await sweepLater(23 * HOUR).leftovers()).toBe(0);
    expect(await keysOf(w.storage, orphan)).toEqual(kinds);
    expect(await sweepLater(25 * HOUR).leftovers()).toBe(6);
    expect(await keysOf(w.storage, orphan)).toEqual([]);
    expect(await keysOf(w.storage, message.uploadId)).toEqual(['full', 'thumb']);
    expect(await keysOf(w.storage, whole)).toEqual(['full', 'thumb']);
    expect(await loads(message)).toBe(200);
  });

  it('takes no old rendered picture for a leftover, whatever the database says', async () => {
    const message = await sent();
    const empty = openDatabase(client.db(`${w.world.engines.database}_empty`));
    expect(await sweepLater(9 * DAY, empty).leftovers()).toBe(0);
    expect(await loads(message)).toBe(200);
  });

  it('is the task of one instance at a time, every so often', async () => {
    const at = (ms: number) => createClaimTask({ ...database, clock: () => new Date(ms) });
    const now = Date.now();
    const claims = await Promise.all([1, 2, 3, 4].map(() => at(now)('sweep', 6 * HOUR)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await at(now + 5 * HOUR)('sweep', 6 * HOUR)).toBe(false);
    expect(await at(now + 5 * HOUR)('another', 6 * HOUR)).toBe(true);
    const later = await Promise.all([1, 2, 3].map(() => at(now + 6 * HOUR)('sweep', 6 * HOUR)));
    expect(later.filter(Boolean)).toHaveLength(1);
  });
});
