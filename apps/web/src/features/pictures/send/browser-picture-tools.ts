import { IMAGE_PIXELS_MAX } from '@parley/domain';
import type { CheckedPicture, PictureTools } from './check-picture.ts';

const TRIES = 4;
const QUALITY = 0.85;

/** Decodes and draws pictures as the browser does. */
export const browserPictureTools: PictureTools = {
  measure: async (file) => {
    const bitmap = await createImageBitmap(file);
    const { width, height } = bitmap;
    bitmap.close();
    return { width, height };
  },
  shrink: async (picture, maxBytes) => {
    if (await mayMove(picture)) return undefined;
    const { width, height } = picture;
    let scale = Math.min(1, Math.sqrt(IMAGE_PIXELS_MAX / (width * height)));
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const smaller = await draw(picture, scale);
      if (smaller.file.size <= maxBytes) return smaller;
      // Bytes go with the area, roughly.
      scale *= Math.min(0.8, Math.sqrt(maxBytes / smaller.file.size));
    }
    return undefined;
  },
};

async function draw({ file, ...from }: CheckedPicture, scale: number): Promise<CheckedPicture> {
  // Rounded up, both sides together could have more pixels than may be.
  const scaled = (side: number) => Math.max(1, Math.floor(side * scale));
  const [width, height] = [scaled(from.width), scaled(from.height)];
  const canvas = new OffscreenCanvas(width, height);
  const bitmap = await createImageBitmap(file, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' });
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  // What may be transparent stays so.
  const contentType = from.contentType === 'image/jpeg' ? 'image/jpeg' : 'image/webp';
  const drawn = await canvas.convertToBlob({ type: contentType, quality: QUALITY });
  if (drawn.type !== contentType) throw new Error(`this browser writes no ${contentType}`);
  return { file: drawn, contentType, width, height };
}

/** Whether there may be more than one frame, which drawing would lose. */
async function mayMove({ file, contentType }: CheckedPicture): Promise<boolean> {
  if (contentType === 'image/jpeg') return false;
  if (contentType !== 'image/png' && contentType !== 'image/webp') return true;
  const start = await file.slice(0, 4_096).text();
  return start.includes('acTL') || start.includes('ANIM');
}
