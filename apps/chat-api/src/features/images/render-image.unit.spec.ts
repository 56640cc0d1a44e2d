import { readFile } from 'node:fs/promises';
import type { ImageType } from '@parley/domain';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { animation, HTML, noise, photoWithPlace, pixelBomb, SVG, twoHalves, withFile } from './pictures.fixture.ts';
import { renderImage, type RenderedImage } from './render-image.ts';

const render = (bytes: Buffer, contentType: ImageType) =>
  withFile(bytes, async (paths) => {
    const result = await renderImage({ ...paths, contentType });
    if (result.kind === 'rejected') return { reason: result.reason };
    const [full, thumb] = await Promise.all([readFile(paths.full), readFile(paths.thumb)]);
    return { image: result.image, full, thumb };
  });
async function rendered(bytes: Buffer, contentType: ImageType) {
  const result = await render(bytes, contentType);
  if (!('full' in result)) throw new Error(result.reason);
  return result as { image: RenderedImage; full: Buffer; thumb: Buffer };
}
/** The colour in the middle of an edge, as the letters of what is strong in it. */
async function colourAt(picture: Buffer, edge: 'left' | 'right' | 'top' | 'bottom'): Promise<string> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const x = { left: 2, right: info.width - 3, top: info.width >> 1, bottom: info.width >> 1 }[edge];
  const y = { left: info.height >> 1, right: info.height >> 1, top: 2, bottom: info.height - 3 }[edge];
  const at = (y * info.width + x) * info.channels;
  return ['r', 'g', 'b'].filter((_, channel) => (data[at + channel] ?? 0) > 128).join('');
}

describe('renderImage', () => {
  it.each(['jpeg', 'png', 'webp', 'avif', 'gif'] as const)('renders %s as what it is', async (format) => {
    const { image, full, thumb } = await rendered(await twoHalves(800, 400)[format]().toBuffer(), `image/${format}`);
    expect(image).toMatchObject({
      width: 800,
      height: 400,
      contentType: `image/${format}`,
      bytes: full.length,
      thumbBytes: thumb.length,
    });
    expect(image.blurhash).toHaveLength(4 + 2 * 4 * 3);
    expect(await colourAt(full, 'left')).toBe('r');
    expect(await sharp(thumb).metadata()).toMatchObject({ format: 'webp', width: 640, height: 320 });
  });

  it('FAULT 29: leaves nothing of EXIF, GPS, ICC, XMP or what was appended', async () => {
    const photo = Buffer.concat([await photoWithPlace(), Buffer.from('<script>appended</script>')]);
    expect((await sharp(photo).metadata()).exif).toBeDefined();
    const { full, thumb } = await rendered(photo, 'image/jpeg');
    for (const picture of [full, thumb]) {
      const { exif, icc, xmp, iptc, orientation } = await sharp(picture).metadata();
      expect({ exif, icc, xmp, iptc, orientation }).toEqual({});
      expect(picture.includes('Ada-Lovelace') || picture.includes('Parley-Camera')).toBe(false);
      expect(picture.includes('appended')).toBe(false);
    }
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns orientation %i upright, as a viewer would', async (orientation) => {
    const photo = await photoWithPlace(orientation);
    const expected = await sharp(photo).autoOrient().png().toBuffer();
    const { image, full } = await rendered(photo, 'image/jpeg');
    const { width, height } = await sharp(expected).metadata();
    expect(image).toMatchObject({ width, height });
    for (const edge of ['left', 'right', 'top', 'bottom'] as const) {
      // The line between the halves is either colour.
      const isOnLine = (edge === 'top' || edge === 'bottom') === width > height;
      if (!isOnLine) expect(await colourAt(full, edge), edge).toBe(await colourAt(expected, edge));
    }
  });

  it.each(['gif', 'webp'] as const)('keeps an animated %s moving, also as a thumbnail', async (format) => {
    const { image, full, thumb } = await rendered(await animation(format), `image/${format}`);
    expect(image).toMatchObject({ width: 24, height: 24, contentType: `image/${format}` });
    expect(await sharp(full).metadata()).toMatchObject({ pages: 3, delay: [80, 80, 80], format });
    expect(await sharp(thumb).metadata()).toMatchObject({ pages: 3, format: 'webp' });
  });

  it('makes a larger picture smaller, and a photograph in PNG WebP', async () => {
    const large = await rendered(await twoHalves(5_000, 1_000).jpeg().toBuffer(), 'image/jpeg');
    expect(large.image).toMatchObject({ width: 3_072, height: 614 });
    const { image, full } = await rendered(await noise(1_500, 1_500).png().toBuffer(), 'image/png');
    expect(image.contentType).toBe('image/webp');
    expect((await sharp(full).metadata()).format).toBe('webp');
  }, 30_000);

  it.each<[string, () => Promise<Buffer>, ImageType, RegExp]>([
    ['SVG named PNG', async () => SVG, 'image/png', /not of the type/],
    ['HTML named PNG', async () => HTML, 'image/png', /not of the type/],
    ['JPEG named PNG', () => twoHalves(9, 9).jpeg().toBuffer(), 'image/png', /not of the type/],
    ['an empty file', async () => Buffer.alloc(0), 'image/png', /not of the type/],
    ['the signature of PNG before HTML', async () => pngThen(HTML), 'image/png', /damaged/],
    ['50,000 x 50,000 pixels', async () => pixelBomb(50_000, 50_000), 'image/png', /50 million pixels/],
    ['a header with more pixels than data', async () => pixelBomb(5_000, 5_000), 'image/png', /damaged/],
    ['an animation of too many frames', () => animation('gif', 1_001), 'image/gif', /more than 1000 frames/],
    ['half a JPEG', async () => half(await noise(100, 100).jpeg().toBuffer()), 'image/jpeg', /damaged/],
    ['half a PNG', async () => half(await noise(100, 100).png().toBuffer()), 'image/png', /damaged/],
    ['half a WebP', async () => half(await noise(100, 100).webp().toBuffer()), 'image/webp', /damaged/],
    ['half a GIF', async () => half(await noise(100, 100).gif().toBuffer()), 'image/gif', /damaged/],
    ['half an AVIF', async () => half(await noise(100, 100).avif({ effort: 0 }).toBuffer()), 'image/avif', /damaged/],
  ])('FAULT 29: refuses %s', async (_what, make, contentType, reason) => {
    const result = await render(await make(), contentType);
    expect('reason' in result ? result.reason : 'rendered').toMatch(reason);
  });
});

const half = (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1);
const pngThen = (bytes: Buffer) => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), bytes]);
