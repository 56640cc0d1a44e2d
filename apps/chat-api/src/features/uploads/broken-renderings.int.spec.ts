import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UploadId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import { StorageError, type ObjectStorage } from '@parley/object-storage';
import { createLogger } from '@parley/service-kit';
import { eventually } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../chat-instance.fixture.ts';
import type { Database } from '../../database.ts';
import { openWorldDatabase } from '../../fill-chat.fixture.ts';
import { createImageRenderer, type ImageRenderer } from '../images/image-renderer.ts';
import { DEADLY, photoWithPlace } from '../images/pictures.fixture.ts';
import { createCompleteUpload, type CompleteUpload } from './complete-upload.ts';
import { createSweepUploads } from './sweep-uploads.ts';
import { createTurns } from './turns.ts';
import { complete, createUploadWorld, keysOf, openUpload, putFile, type UploadWorld } from './upload-world.fixture.ts';

const logger = createLogger({ service: 'spec', level: 'silent' });
const worker = new URL('../images/fragile-worker.fixture.ts', import.meta.url);

let w: UploadWorld;
let ada: Person;
let photo: Buffer;
let deadly: Buffer;
let database: Database;
let client: { close(): Promise<void> };
let renderer: ImageRenderer;
beforeAll(async () => {
  w = await createUploadWorld();
  ada = await w.world.person();
  photo = await photoWithPlace();
  deadly = Buffer.concat([photo, Buffer.from(DEADLY)]);
  ({ database, client } = openWorldDatabase(w.world));
  renderer = createImageRenderer({ logger, worker });
});
afterAll(async () => {
  renderer.close();
  await client.close();
  await w.dispose();
});

const put = async (file: Buffer): Promise<UploadId> => {
  const opened = await openUpload(w.api, ada, file.length);
  expect(await putFile(opened, file)).toBe(200);
  return opened.uploadId;
};
const uploadOf = (_id: UploadId) => database.uploads.findOne({ _id });
/** With a renderer that dies at marked pictures, and a storage of the test's own. */
const fragile = (storage: ObjectStorage = w.storage, by: Pick<ImageRenderer, 'render'> = renderer): CompleteUpload =>
  createCompleteUpload({
    uploads: database.uploads,
    storage,
    renderer: by,
    turns: createTurns({ atOnce: 2, waiting: { all: 10, person: 10 }, waitMsMax: 20_000 }),
    clock: () => new Date(),
    logger,
  });
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: unknown) => (error instanceof HttpProblem ? error.code : String(error)),
  );
const workers = (): number[] =>
  execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)])
    .toString()
    .split('\n')
    .filter((line) => line.includes('image-worker'))
    .map((line) => Number.parseInt(line, 10));

describe('the image worker', () => {
  it('killed in the middle: 503, nothing half stored, and the picture is completed when asked again', async () => {
    // One is there for half a minute after a picture.
    expect((await complete(w.api, ada, await put(photo))).status).toBe(200);
    const [pid] = workers();
    if (pid === undefined) throw new Error('no image worker');
    process.kill(pid, 'SIGSTOP');
    const uploadId = await put(photo);
    const answer = complete(w.api, ada, uploadId);
    await eventually(async () => expect(await uploadOf(uploadId)).toMatchObject({ unanswered: 1 }));
    // It is counted just before the worker gets it, and a stopped worker ends nothing meanwhile.
    await sleep(1_000);
    process.kill(pid, 'SIGKILL');
    expect(await answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(await uploadOf(uploadId)).toMatchObject({ state: 'pending' });
    expect(await keysOf(w.storage, uploadId)).toEqual(['raw']);

    expect((await complete(w.api, ada, uploadId)).status).toBe(200);
    await eventually(async () => expect(await keysOf(w.storage, uploadId)).toEqual(['full', 'thumb']));
    expect(await uploadOf(uploadId)).not.toHaveProperty('unanswered');
  });

  it('dying at one picture again and again: it is rejected the third time, for good, and nothing of it is kept', async () => {
    const uploadId = await put(deadly);
    const completeFragile = fragile();
    expect(await codeOf(completeFragile(ada.id, uploadId))).toBe('unavailable');
    expect(await codeOf(completeFragile(ada.id, uploadId))).toBe('unavailable');
    expect(await keysOf(w.storage, uploadId)).toEqual(['raw']);
    expect(await codeOf(completeFragile(ada.id, uploadId))).toBe('image_rejected');
    // Also by an instance that it never harmed.
    expect(await complete(w.api, ada, uploadId)).toMatchObject({
      status: 422,
      body: { code: 'image_rejected', detail: 'The picture cannot be read.' },
    });
    await eventually(async () => expect(await keysOf(w.storage, uploadId)).toEqual([]));
    expect(await codeOf(completeFragile(ada.id, await put(photo)))).toBe('ok');
  });

  it('taking chat-api with it each time: given up too, before another try', async () => {
    const uploadId = await put(photo);
    // So three processes left it that died in the middle.
    await database.uploads.updateOne({ _id: uploadId }, { $set: { unanswered: 3 } });
    expect(await complete(w.api, ada, uploadId)).toMatchObject({ status: 422, body: { code: 'image_rejected' } });
  });
});

describe('an upload that is swept away while it is completed', () => {
  it('is not there any more, and leaves no files', async () => {
    const uploadId = await put(photo);
    const later = () => new Date(Date.now() + 61 * 60_000);
    const sweep = createSweepUploads({ ...database, storage: w.storage, clock: later, logger });
    const slow: Pick<ImageRenderer, 'render'> = {
      render: async (job) => {
        await sweep.expired();
        return renderer.render(job);
      },
    };
    expect(await codeOf(fragile(w.storage, slow)(ada.id, uploadId))).toBe('upload_not_found');
    await eventually(async () => expect(await keysOf(w.storage, uploadId)).toEqual([]));
    expect(await uploadOf(uploadId)).toBeNull();
  });
});

describe('S3 away in the middle of completing', () => {
  /** The bucket, whose n-th operation of a kind fails once. */
  const failing = (operation: 'get' | 'put', nth: number): ObjectStorage => {
    let count = 0;
    const attempt = <A extends unknown[], R>(work: (...input: A) => Promise<R>) => {
      return (...input: A): Promise<R> => {
        count += 1;
        if (count === nth) return Promise.reject(new StorageError('unavailable', `${operation} ${nth}`));
        return work(...input);
      };
    };
    return { ...w.storage, [operation]: attempt(w.storage[operation] as (...input: unknown[]) => Promise<unknown>) };
  };

  it.each([
    ['reading the upload', 'get', 1],
    ['storing the thumbnail', 'put', 1],
    ['storing the picture', 'put', 2],
  ] as const)('%s: 503, not ready, no try counted; asked again, it is complete', async (_step, operation, nth) => {
    const uploadId = await put(photo);
    const completeFragile = fragile(failing(operation, nth));
    expect(await codeOf(completeFragile(ada.id, uploadId))).toBe('unavailable');
    const upload = await uploadOf(uploadId);
    expect(upload).toMatchObject({ state: 'pending' });
    expect(upload?.image ?? upload?.unanswered).toBeUndefined();
    expect(await codeOf(completeFragile(ada.id, uploadId))).toBe('ok');
    await eventually(async () => expect(await keysOf(w.storage, uploadId)).toEqual(['full', 'thumb']));
  });

  it('deleting the upload: it is complete all the same, and the rest is for the sweeper', async () => {
    const uploadId = await put(photo);
    const storage = { ...w.storage, delete: () => Promise.reject(new StorageError('unavailable', 'delete')) };
    expect(await codeOf(fragile(storage)(ada.id, uploadId))).toBe('ok');
    expect(await keysOf(w.storage, uploadId)).toEqual(['full', 'raw', 'thumb']);
  });
});
