import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Image } from '@parley/contracts';
import type { UploadId, UserId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import { DURABLE } from '@parley/mongo';
import { isStorageError, type ObjectStorage } from '@parley/object-storage';
import type { Clock, Logger } from '@parley/service-kit';
import type { Database, StoredImage, UploadDocument } from '../../database.ts';
import type { ImageRenderer } from '../images/image-renderer.ts';
import type { RenderedImage } from '../images/render-image.ts';
import { createCountedRender } from './count-renderings.ts';
import { UNUSED_MS } from './create-upload.ts';
import { awayProblem } from './storage-away.ts';
import type { Turns } from './turns.ts';

/** Brings the file that was uploaded to a path. */
type Fetch = (path: string) => Promise<void>;

/** @param fetch where the file comes from, when not from where the caller uploaded it to */
export type CompleteUpload = (callerId: UserId, uploadId: UploadId, fetch?: Fetch) => Promise<Image>;

export type CompleteUploadDependencies = Pick<Database, 'uploads'> & {
  storage: ObjectStorage;
  renderer: Pick<ImageRenderer, 'render'>;
  turns: Turns;
  clock: Clock;
  logger: Logger;
};

/**
 * Looks at what was uploaded, renders it clean and stores that; the upload itself is deleted. Doing it twice, also at once, is as
 * good as once: the files have fixed places, and the upload becomes `ready` in one step when they are there.
 *
 * @throws HttpProblem upload_not_found, also where it is somebody else's; upload_incomplete where nothing was uploaded yet;
 *   image_rejected with a sentence that says why; unavailable where trying again may succeed
 */
export function createCompleteUpload(d: CompleteUploadDependencies): CompleteUpload {
  const { uploads, storage } = d;
  const render = createCountedRender(d);

  const download =
    ({ keys, bytes }: UploadDocument): Fetch =>
    async (path) => {
      try {
        const { body } = await storage.get(keys.raw, { maxBytes: bytes });
        await pipeline(body, createWriteStream(path));
      } catch (error) {
        if (isStorageError(error, 'not_found')) throw incomplete();
        if (isStorageError(error, 'too_large')) throw rejected('The file is longer than was told.');
        throw error;
      }
    };

  const store = async ({ keys }: UploadDocument, { thumbBytes, ...image }: RenderedImage, files: Files) => {
    const put = (key: string, path: string, bytes: number, contentType: string) =>
      storage.put({ key, body: createReadStream(path), bytes, contentType, cacheControl: 'private, max-age=31536000' });
    await put(keys.thumb, files.thumb, thumbBytes, 'image/webp');
    await put(keys.full, files.full, image.bytes, image.contentType);
  };

  /** Nobody waits for it: what is left is the sweeper's. */
  const forget = (keys: string[]): void => {
    storage.delete(keys).catch((error: unknown) => d.logger.warn({ err: error }, 'upload not deleted'));
  };

  const finish = async (upload: UploadDocument, fetch: Fetch, folder: string): Promise<Image> => {
    const files: Files = { raw: join(folder, 'raw'), full: join(folder, 'full'), thumb: join(folder, 'thumb') };
    const { _id, contentType, keys } = upload;
    await fetch(files.raw);
    const result = await render(upload, { input: files.raw, full: files.full, thumb: files.thumb, contentType });
    if (result.kind === 'rejected') throw rejected(result.reason);
    await store(upload, result.image, files);
    const { thumbBytes: _bytes, ...image } = result.image;
    const stored: StoredImage = { uploadId: _id, ...image, keys: { full: keys.full, thumb: keys.thumb } };
    const expiresAt = new Date(d.clock().getTime() + UNUSED_MS);
    const after = await uploads.findOneAndUpdate(
      { _id, state: 'pending' },
      { $set: { state: 'ready', image: stored, expiresAt } },
      { writeConcern: DURABLE, returnDocument: 'after' },
    );
    if (after) {
      forget([keys.raw]);
      return presentImage(stored);
    }
    const other = await settled(upload);
    if (other) return other;
    // It was swept away meanwhile: these files would be nobody's.
    forget(Object.values(keys));
    throw notFound();
  };

  /** What became of an upload before; undefined: nothing yet, or there is none. */
  const settled = async ({ _id, userId }: Pick<UploadDocument, '_id' | 'userId'>): Promise<Image | undefined> => {
    const upload = await uploads.findOne({ _id, userId });
    if (upload?.state === 'rejected') throw rejected(upload.reason ?? '');
    return upload?.image && presentImage(upload.image);
  };

  const work = async (upload: UploadDocument, fetch: Fetch): Promise<Image> => {
    const before = await settled(upload);
    if (before) return before;
    const folder = await mkdtemp(join(tmpdir(), 'parley-image-'));
    try {
      return await finish(upload, fetch, folder);
    } catch (error) {
      if (error instanceof HttpProblem && error.code === 'image_rejected') {
        await uploads.updateOne(
          { _id: upload._id, state: 'pending' },
          { $set: { state: 'rejected', reason: error.message } },
          { writeConcern: DURABLE },
        );
        forget([upload.keys.raw]);
      }
      throw awayProblem(error);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  return async (callerId, uploadId, fetch) => {
    const upload = await uploads.findOne({ _id: uploadId, userId: callerId });
    if (!upload) throw notFound();
    return d.turns(callerId, () => work(upload, fetch ?? download(upload)));
  };
}

type Files = { raw: string; full: string; thumb: string };

const presentImage = ({ keys: _keys, ...image }: StoredImage): Image => image;

const notFound = () => new HttpProblem('upload_not_found', 'There is no such picture of yours.');
const incomplete = () => new HttpProblem('upload_incomplete', 'The picture was not uploaded yet.');
const rejected = (reason: string) => new HttpProblem('image_rejected', reason);
