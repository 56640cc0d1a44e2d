import sharp from 'sharp';

export const PHOTO_BYTES_MAX = 10 * 1024 * 1024;
/** 24 megapixels, as a camera has them. */
const [WIDTH, HEIGHT] = [6_000, 4_000];

/** A JPEG of 24 megapixels with so much grain that it has nearly 10 MiB, the most that Parley takes. */
export async function makePhoto(): Promise<Buffer> {
  const grain = await sharp({
    create: {
      width: WIDTH,
      height: HEIGHT,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 24 },
    },
  })
    .raw()
    .toBuffer();
  for (let quality = 94; quality > 10; quality -= 3) {
    const photo = await sharp(grain, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .jpeg({ quality })
      .toBuffer();
    if (photo.length <= PHOTO_BYTES_MAX) return photo;
  }
  throw new Error('no such photo has at most 10 MiB');
}
