import type { UploadId } from '@parley/domain';
import type { ObjectStorage } from '@parley/object-storage';
import type { Clock, Logger } from '@parley/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../database.ts';
import { createImageRenderer, type ImageRenderer } from '../images/image-renderer.ts';
import { createMessagePresenter, type MessagePresenter } from '../messages/present-message.ts';
import { createAttachUpload, type AttachUpload } from './attach-upload.ts';
import { createCompleteUpload, type CompleteUpload } from './complete-upload.ts';
import { createCreateUpload, createOpenUpload, type CreateUpload, type OpenUpload } from './create-upload.ts';
import { createDiscardImage, type DiscardImage } from './discard-image.ts';
import { createPresentImage } from './image-urls.ts';
import { createSweepUploads } from './sweep-uploads.ts';
import { createClaimTask } from './claim-task.ts';
import { createTurns } from './turns.ts';

const AT_ONCE = 2;
/** A photo of 10 MiB takes about half a second (`npm run bench -- pictures`): so many have their turn in the time below. */
const WAITING_MAX = { all: 40, person: 15 };
/** The gateway gives up at 30 s; whoever hears nothing until then sends the same again, behind all the others. */
const WAIT_MS_MAX = 20_000;
const SWEEP_MS = 60_000;
/** Between two sweeps that list the bucket, of all instances. */
const LEFTOVERS_MS = 6 * 60 * 60 * 1000;

export type PictureService = {
  /** One worker renders for all. */
  renderer: ImageRenderer;
  createUpload: CreateUpload;
  openUpload: OpenUpload;
  completeUpload: CompleteUpload;
  attach: AttachUpload;
  discardImage: DiscardImage;
  present: MessagePresenter;
  start(): void;
  stop(): Promise<void>;
};

/** Puts together what deals with pictures, and the sweeping behind it. */
export function createPictureService(o: {
  database: Database;
  storage: ObjectStorage;
  clock: Clock;
  logger: Logger;
  sweepMs?: number;
}): PictureService {
  const { storage, logger, sweepMs = SWEEP_MS } = o;
  const shared = { ...o.database, storage, clock: o.clock, logger };
  const renderer = createImageRenderer({ logger });
  const turns = createTurns({ atOnce: AT_ONCE, waiting: WAITING_MAX, waitMsMax: WAIT_MS_MAX });
  const openUpload = createOpenUpload(shared);
  const sweep = createSweepUploads(shared);
  const claimTask = createClaimTask(shared);

  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> = Promise.resolve();
  const sweepOnce = async (): Promise<void> => {
    try {
      await sweep.expired();
      if (await claimTask('leftovers', LEFTOVERS_MS)) await sweep.leftovers();
    } catch (error) {
      logger.warn({ reason: String(error) }, 'pictures not swept');
    }
  };

  return {
    renderer,
    openUpload,
    createUpload: createCreateUpload({ open: openUpload, storage, newId: () => uuidv7() as UploadId }),
    completeUpload: createCompleteUpload({ ...shared, renderer, turns }),
    attach: createAttachUpload(shared),
    discardImage: createDiscardImage(shared),
    present: createMessagePresenter(createPresentImage(shared)),
    start: () => {
      timer = setInterval(() => {
        sweeping = sweeping.then(sweepOnce);
      }, sweepMs);
    },
    stop: async () => {
      clearInterval(timer);
      await sweeping;
      renderer.close();
    },
  };
}
