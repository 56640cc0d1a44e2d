import type { NewUploadAnswer } from '@parley/contracts';
import type { UploadId } from '@parley/domain';
import { eventually, newChatId } from '@parley/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, type Person } from '../../chat-instance.fixture.ts';
import { HTML, photoWithPlace, pixelBomb, SVG, twoHalves } from '../images/pictures.fixture.ts';
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

let w: UploadWorld;
let ada: Person;
let eve: Person;
let photo: Buffer;
beforeAll(async () => {
  w = await createUploadWorld();
  [ada, eve] = [await w.world.person(), await w.world.person()];
  photo = await photoWithPlace(6);
});
afterAll(() => w.dispose());

describe('POST /api/v1/chat/uploads', () => {
  it('gives a URL that takes exactly this file, once', async () => {
    const opened = await openUpload(w.api, ada, photo.length);
    expect(opened).toMatchObject({ method: 'PUT', headers: { 'content-type': 'image/jpeg', 'if-none-match': '*' } });
    const lifeMs = new Date(opened.expiresAt).getTime() - Date.now();
    expect(lifeMs).toBeGreaterThan(280_000);
    expect(lifeMs).toBeLessThanOrEqual(300_000);

    const tampered = (name: string, value: string): NewUploadAnswer => {
      const url = new URL(opened.url);
      url.searchParams.set(name, value);
      return { ...opened, url: url.href };
    };
    expect(await putFile(opened, photo, { 'content-type': 'text/html' })).toBe(403);
    expect(await putFile(opened, Buffer.concat([photo, photo]))).toBe(403);
    expect(await putFile(opened, photo.subarray(1))).toBe(403);
    expect(await putFile(tampered('X-Amz-Expires', '86400'), photo)).toBe(403);
    expect(await putFile({ ...opened, url: opened.url.replace('/raw/', '/full/') }, photo)).toBe(403);
    expect(await putFile(opened, photo)).toBe(200);
    expect(await putFile(opened, photo)).toBe(412);
  });

  it('gives a URL that ends after five minutes', async () => {
    const clock = () => new Date(Date.now() - 301_000);
    const late = await w.world.start({ env: w.env, clock });
    expect(await putFile(await openUpload(late, ada, photo.length), photo)).toBe(403);
    await late.stop();
  });

  it('refuses what is no picture, too long, or nobody’s', async () => {
    const good = { contentType: 'image/png', bytes: 100 };
    const bad = [
      { ...good, contentType: 'image/svg+xml' },
      { ...good, contentType: 'text/html' },
      { ...good, bytes: 0 },
      { ...good, bytes: 10 * 1024 * 1024 + 1 },
      { ...good, bytes: 1.5 },
      { ...good, userId: eve.id },
      { ...good, bytes: { $gt: 0 } },
    ];
    for (const body of bad)
      expect(await post(w.api, UPLOADS, body, ada)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(await post(w.api, UPLOADS, good)).toMatchObject({ status: 401 });
    expect(await post(w.api, UPLOADS, { ...good, bytes: 10 * 1024 * 1024 }, ada)).toMatchObject({ status: 201 });
  });

  it('ends with a quota, also for those who ask all at once', async () => {
    const greedy = await w.world.person();
    const answers = await Promise.all(
      Array.from({ length: 45 }, () => post(w.api, UPLOADS, { contentType: 'image/png', bytes: 10 }, greedy)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(40);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    expect(refused[0]?.body).toMatchObject({ code: 'too_many_uploads' });
  });
});

describe('POST /api/v1/chat/uploads/:id/complete', () => {
  it('FAULT 29: renders the picture clean and upright, and keeps nothing of the upload', async () => {
    const { uploadId, answer } = await upload(w.api, ada, photo);
    expect(answer).toMatchObject({
      status: 200,
      body: { image: { uploadId, width: 32, height: 64, contentType: 'image/jpeg' } },
    });
    expect(Object.keys((answer.body as { image: object }).image).sort()).toEqual(
      ['blurhash', 'bytes', 'contentType', 'height', 'uploadId', 'width'].sort(),
    );
    await eventually(async () => expect(await keysOf(w.storage, uploadId)).toEqual(['full', 'thumb']));
  });

  it('gives the same answer again, also to those who ask at once', async () => {
    const opened = await openUpload(w.api, ada, photo.length);
    await putFile(opened, photo);
    const answers = await Promise.all([1, 2, 3].map(() => complete(w.api, ada, opened.uploadId)));
    for (const answer of [...answers, await complete(w.api, ada, opened.uploadId)]) {
      expect(answer.status).toBe(200);
      expect(answer).toEqual(answers[0]);
    }
  });

  it('FAULT 29: knows no upload of somebody else', async () => {
    const opened = await openUpload(w.api, ada, photo.length);
    await putFile(opened, photo);
    const tell = async (id: string) => {
      const { requestId: _, ...problem } = (await complete(w.api, eve, id as UploadId)).body as Record<string, unknown>;
      return problem;
    };
    expect(await tell(opened.uploadId)).toMatchObject({ status: 404, code: 'upload_not_found' });
    expect(await tell(opened.uploadId)).toEqual(await tell(newChatId()));
    expect(await complete(w.api, undefined, opened.uploadId)).toMatchObject({ status: 401 });
    expect(await complete(w.api, ada, 'nonsense' as UploadId)).toMatchObject({ status: 400 });
    expect((await complete(w.api, ada, opened.uploadId)).status).toBe(200);
  });

  it('says when nothing was uploaded, and goes on when it was', async () => {
    const opened = await openUpload(w.api, ada, photo.length);
    expect(await complete(w.api, ada, opened.uploadId)).toMatchObject({
      status: 409,
      body: { code: 'upload_incomplete' },
    });
    await putFile(opened, photo);
    expect((await complete(w.api, ada, opened.uploadId)).status).toBe(200);
  });

  it.each<[string, () => Promise<Buffer>, RegExp]>([
    ['SVG named PNG', async () => SVG, /not of the type/],
    ['HTML named PNG', async () => HTML, /not of the type/],
    ['JPEG named PNG', () => twoHalves(9, 9).jpeg().toBuffer(), /not of the type/],
    ['PNG’s signature before HTML', async () => Buffer.concat([pixelBomb(1, 1).subarray(0, 8), HTML]), /damaged/],
    ['50,000 x 50,000 pixels', async () => pixelBomb(50_000, 50_000), /50 million pixels/],
    ['a file cut in half', async () => (await twoHalves(99, 99).png().toBuffer()).subarray(0, 150), /damaged/],
  ])('FAULT 29: rejects %s, says why, says it again, and keeps nothing', async (_what, make, detail) => {
    const { uploadId, answer } = await upload(w.api, ada, await make(), 'image/png');
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'image_rejected', detail: expect.stringMatching(detail) },
    });
    const { requestId: _, ...problem } = answer.body as Record<string, unknown>;
    expect((await complete(w.api, ada, uploadId)).body).toMatchObject(problem);
    await eventually(async () => expect(await keysOf(w.storage, uploadId)).toEqual([]));
  });

  it('answers 503 while S3 is away, stores no half, and succeeds after', async () => {
    const opened = await openUpload(w.api, ada, photo.length);
    await putFile(opened, photo);
    w.proxy.cut();
    expect(await complete(w.api, ada, opened.uploadId)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    w.proxy.restore();
    expect(await keysOf(w.storage, opened.uploadId)).toEqual(['raw']);
    await eventually(async () => expect((await complete(w.api, ada, opened.uploadId)).status).toBe(200), {
      timeoutMs: 20_000,
    });
  }, 60_000);

  it('stores a picture whose colours are those of the original', async () => {
    const image = await uploaded(w.api, ada, await twoHalves(40, 20).png().toBuffer(), 'image/png');
    const [full] = await Promise.all([readFull(image.uploadId)]);
    expect(await sharp(full).metadata()).toMatchObject({ width: 40, height: 20, format: 'png' });
  });
});

async function readFull(uploadId: string): Promise<Buffer> {
  for await (const { key } of w.storage.list(`full/${uploadId}/`)) {
    const { body } = await w.storage.get(key, { maxBytes: 1e6 });
    return Buffer.concat(await body.toArray());
  }
  throw new Error('no such file');
}
