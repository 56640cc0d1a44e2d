import { open } from 'node:fs/promises';
import { IMAGE_PIXELS_MAX, SNIFFED_BYTES, sniffImageType, type ImageType } from '@parley/domain';
import { encode } from 'blurhash';
import sharp, { type Metadata, type OutputInfo, type Sharp } from 'sharp';
import { decidePicture, type Turn } from './decide-picture.ts';

/** A picture to be made clean, as files: what was uploaded, and where the results go. */
export type RenderJob = { input: string; full: string; thumb: string; contentType: ImageType };
export type RenderedImage = {
  width: number;
  height: number;
  bytes: number;
  /** Of the full picture; a thumbnail is WebP. */
  contentType: ImageType;
  thumbBytes: number;
  blurhash: string;
};
export type RenderResult = { kind: 'rendered'; image: RenderedImage } | { kind: 'rejected'; reason: string };

/** Pixels a side: up to the first a picture keeps its size, a larger one gets the second. */
const FULL_KEPT = 4_096;
const FULL_SIDE = 3_072;
const THUMB_SIDE = 640;
const BLURHASH = { side: 32, x: 4, y: 3 };
/** A PNG above this is a photograph, which WebP stores in a tenth. */
const PNG_BYTES_MAX = 5 * 1024 * 1024;
const SECONDS_MAX = 20;

const read = (path: string, animated = false): Sharp =>
  sharp(path, { animated, failOn: 'error', limitInputPixels: IMAGE_PIXELS_MAX, sequentialRead: true });

/** No pixel is decoded, so how many there are is for `decidePicture` to judge. */
const readHeader = (path: string): Promise<Metadata> =>
  sharp(path, { animated: true, limitInputPixels: false }).metadata();

/**
 * Decodes a picture and writes it anew, without metadata, upright, in sRGB, whole and as a thumbnail. Nothing of the uploaded bytes is
 * kept but what can be seen, so whatever else a file may have been besides a picture, the results are not.
 *
 * @throws the errors of the file system; what is wrong with the picture itself is the result `rejected`
 */
export async function renderImage(job: RenderJob): Promise<RenderResult> {
  const { input, contentType } = job;
  if (sniffImageType(await readStart(input)) !== contentType) {
    return { kind: 'rejected', reason: `The file is not of the type ${contentType}.` };
  }
  try {
    const decision = decidePicture(await readHeader(input), contentType);
    if (decision.kind === 'rejected') return decision;
    const full =
      decision.kind === 'animated'
        ? await animate(read(input, true).timeout({ seconds: SECONDS_MAX }), decision.frameSide, job)
        : await writeStill(await upright(job, decision.turn), job);
    const thumb = await read(job.full, decision.kind === 'animated')
      .resize(fit(THUMB_SIDE))
      .webp({ quality: 75, effort: 1 })
      .timeout({ seconds: SECONDS_MAX })
      .toFile(job.thumb);
    const image = {
      width: full.width,
      height: full.pageHeight ?? full.height,
      bytes: full.size,
      contentType: `image/${full.format === 'heif' ? 'avif' : full.format}` as ImageType,
      thumbBytes: thumb.size,
      blurhash: await blurhash(job.thumb),
    };
    return { kind: 'rendered', image };
  } catch (error) {
    // The decoder's own words tell a person nothing.
    if (!(error instanceof Error) || 'syscall' in error) throw error;
    if (error.message.startsWith('timeout')) {
      return { kind: 'rejected', reason: 'The picture takes too long to be read.' };
    }
    return { kind: 'rejected', reason: 'The file is damaged or incomplete, or no such picture.' };
  }
}

const fit = (side: number) => ({ width: side, height: side, fit: 'inside', withoutEnlargement: true }) as const;

async function readStart(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Shrinks while it decodes, and only then turns: turning needs all pixels at once, and there are fewer now. */
async function upright({ input }: RenderJob, turn: Turn): Promise<Sharp> {
  const { width, height } = await readHeader(input);
  const shrunk = read(input)
    .timeout({ seconds: SECONDS_MAX })
    .resize(fit(Math.max(width, height) > FULL_KEPT ? FULL_SIDE : FULL_KEPT));
  if (turn.mirror) shrunk.flop();
  if (turn.degrees === 0) return shrunk;
  const { data, info } = await shrunk.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const { width: w, height: h, channels } = info;
  return sharp(data, { raw: { width: w, height: h, channels } }).rotate(turn.degrees);
}

async function writeStill(picture: Sharp, { full, contentType }: RenderJob): Promise<OutputInfo> {
  const asWebp = (from: Sharp, quality: number) => from.webp({ quality, effort: 2 }).toFile(full);
  switch (contentType) {
    case 'image/jpeg':
      return picture.jpeg({ quality: 82 }).toFile(full);
    case 'image/gif':
      return picture.gif().toFile(full);
    case 'image/webp':
      return asWebp(picture, 82);
    case 'image/avif':
      return picture.avif({ quality: 60, effort: 1 }).toFile(full);
    case 'image/png': {
      const info = await picture.clone().png({ compressionLevel: 6 }).toFile(full);
      return info.size > PNG_BYTES_MAX ? asWebp(picture, 90) : info;
    }
  }
}

function animate(picture: Sharp, frameSide: number, { full, contentType }: RenderJob): Promise<OutputInfo> {
  if (frameSide > FULL_SIDE) picture.resize(fit(FULL_SIDE));
  const encoded = contentType === 'image/gif' ? picture.gif({ effort: 3 }) : picture.webp({ quality: 75, effort: 1 });
  return encoded.toFile(full);
}

async function blurhash(thumb: string): Promise<string> {
  const { data, info } = await read(thumb)
    .resize(fit(BLURHASH.side))
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return encode(new Uint8ClampedArray(data), info.width, info.height, BLURHASH.x, BLURHASH.y);
}
