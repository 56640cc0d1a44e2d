import type { MessageImage } from '@parley/contracts';
import type { Size } from '../picture-box.ts';

/** Pixels of a thumbnail's long side at most (contracts, `messageImage`). */
const THUMB_SIDE = 640;

/**
 * What an `<img>` that covers `box` (CSS pixels) chooses from: the thumbnail, or the whole where the screen shows more pixels than that has. A browser goes
 * by widths, and a picture that is cut to fill its box is as wide as it would be uncut.
 */
export function imageSources({ url, thumbUrl, width, height }: MessageImage, box: Size) {
  const thumbWidth = Math.max(1, Math.round(width * Math.min(1, THUMB_SIDE / Math.max(width, height))));
  const shownWidth = Math.ceil(Math.max(box.width, (box.height * width) / height));
  return {
    src: thumbUrl,
    ...(thumbWidth === width
      ? {}
      : { srcSet: `${thumbUrl} ${thumbWidth}w, ${url} ${width}w`, sizes: `${shownWidth}px` }),
  };
}

/** Types of which a picture may move. */
export const mayMove = ({ contentType }: Pick<MessageImage, 'contentType'>): boolean =>
  contentType === 'image/gif' || contentType === 'image/webp';
