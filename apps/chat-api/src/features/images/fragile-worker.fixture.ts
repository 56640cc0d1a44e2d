import { readFile } from 'node:fs/promises';
import { DEADLY, ENDLESS } from './pictures.fixture.ts';
import { renderImage, type RenderJob } from './render-image.ts';

/** In place of image-worker.ts: the same, but for pictures that are marked. */
process.on('message', (job: RenderJob & { id: number }) => {
  void readFile(job.input).then(async (file) => {
    if (file.includes(DEADLY)) process.kill(process.pid, 'SIGSEGV');
    if (file.includes(ENDLESS)) return;
    process.send?.({ id: job.id, result: await renderImage(job), isSpent: false });
  });
});
