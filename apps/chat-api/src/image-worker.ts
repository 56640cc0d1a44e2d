import { setPriority } from 'node:os';
import { hardenSharp } from './features/images/harden-sharp.ts';
import { renderImage, type RenderJob } from './features/images/render-image.ts';
import { renderSquare, type SquareJob } from './features/images/render-square.ts';

/**
 * A process of its own that renders pictures for chat-api (features/images/image-renderer.ts), one after the other, so that what a
 * hostile file does to a decoder, and the memory that decoding takes, end with this process and not with the chat's.
 */

/** Beyond this it makes room for a fresh one, as an allocator rarely gives memory back. */
const RSS_MAX = 160 * 1024 * 1024;
const IDLE_MS = 30_000;
const BELOW_NORMAL = 5;

export type WorkerJob = (RenderJob | SquareJob) & { id: number };

hardenSharp();
// Messages go first.
setPriority(BELOW_NORMAL);
let idle = setTimeout(() => process.disconnect(), IDLE_MS);

process.on('message', (job: WorkerJob) => {
  clearTimeout(idle);
  const work: Promise<object> = 'square' in job ? renderSquare(job) : renderImage(job);
  void work
    .catch((error: unknown) => ({ kind: 'failed', reason: String(error) }))
    .then((result) => {
      const isSpent = process.memoryUsage.rss() > RSS_MAX;
      process.send?.({ id: job.id, result, isSpent }, () => {
        if (isSpent) process.disconnect();
      });
      idle = setTimeout(() => process.disconnect(), IDLE_MS);
    });
});
