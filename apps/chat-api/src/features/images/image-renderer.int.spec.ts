import { createLogger } from '@parley/service-kit';
import { afterEach, describe, expect, it } from 'vitest';
import { createImageRenderer, type ImageRenderer } from './image-renderer.ts';
import { DEADLY, ENDLESS, photoWithPlace, twoHalves, withFile } from './pictures.fixture.ts';

const logger = createLogger({ service: 'spec', level: 'silent' });
const worker = new URL('./fragile-worker.fixture.ts', import.meta.url);

const renderers: ImageRenderer[] = [];
const createRenderer = (more: { jobMsMax?: number; worker?: URL } = {}): ImageRenderer => {
  const renderer = createImageRenderer({ logger, ...more });
  renderers.push(renderer);
  return renderer;
};
afterEach(() => renderers.splice(0).forEach((renderer) => renderer.close()));

const render = (renderer: ImageRenderer, picture: Buffer) =>
  withFile(picture, (paths) => renderer.render({ ...paths, contentType: 'image/jpeg' }));
const marked = async (mark: string) => Buffer.concat([await photoWithPlace(), Buffer.from(mark)]);

describe('the image renderer', () => {
  it('renders in a process of its own, one after the other', async () => {
    const renderer = createRenderer();
    const sizes = [30, 20, 10];
    const results = await Promise.all(
      sizes.map(async (width) => render(renderer, await twoHalves(width, 8).jpeg().toBuffer())),
    );
    expect(results).toMatchObject(sizes.map((width) => ({ kind: 'rendered', image: { width } })));
  }, 30_000);

  it('loses one picture’s answer with a process that dies, and none of those behind it', async () => {
    const renderer = createRenderer({ worker });
    const [before, deadly, after] = await Promise.allSettled(
      [await photoWithPlace(), await marked(DEADLY), await photoWithPlace()].map((file) => render(renderer, file)),
    );
    expect(before).toMatchObject({ value: { kind: 'rendered' } });
    expect(deadly).toMatchObject({ reason: { name: 'RendererAway', isCrash: true } });
    expect(after).toMatchObject({ value: { kind: 'rendered' } });
  }, 30_000);

  it('rejects a picture that takes too long, and gives the next one to another process', async () => {
    const renderer = createRenderer({ worker, jobMsMax: 8_000 });
    const results = await Promise.all(
      [await marked(ENDLESS), await photoWithPlace()].map((file) => render(renderer, file)),
    );
    expect(results).toMatchObject([
      { kind: 'rejected', reason: expect.stringMatching(/too long/) },
      { kind: 'rendered' },
    ]);
  }, 40_000);

  it('says of a file that is not there nothing about the picture', async () => {
    const paths = { input: '/nowhere/raw', full: '/nowhere/full', thumb: '/nowhere/thumb' };
    const rendering = createRenderer().render({ ...paths, contentType: 'image/jpeg' });
    await expect(rendering).rejects.toMatchObject({ name: 'RendererAway', isCrash: false });
  }, 30_000);

  it('ends with the service, which is no fault of the picture', async () => {
    const renderer = createRenderer({ worker });
    const under = render(renderer, await marked(ENDLESS));
    const told = expect(under).rejects.toMatchObject({ name: 'RendererAway', isCrash: false });
    await new Promise((resolve) => setTimeout(resolve, 100));
    renderer.close();
    await told;
    await expect(render(renderer, await photoWithPlace())).rejects.toMatchObject({ isCrash: false });
  }, 30_000);
});
