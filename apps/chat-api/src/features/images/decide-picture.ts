import { IMAGE_PIXELS_MAX, type ImageType } from '@parley/domain';
import type { Metadata } from 'sharp';

/** Frames cost work beyond their pixels. */
const FRAMES_MAX = 1_000;

/** What the decoder tells of a file before it decodes it. */
export type PictureFacts = Pick<
  Metadata,
  'format' | 'compression' | 'width' | 'height' | 'pages' | 'pageHeight' | 'orientation'
>;

/** How to make a picture upright: mirrored first, then turned clockwise. */
export type Turn = { mirror: boolean; degrees: 0 | 90 | 180 | 270 };

export type PictureDecision =
  | { kind: 'rejected'; reason: string }
  | { kind: 'still'; turn: Turn }
  | { kind: 'animated'; frameSide: number };

/** By EXIF's orientation, 1 to 8. */
const TURNS: readonly Turn[] = [
  { mirror: false, degrees: 0 },
  { mirror: true, degrees: 0 },
  { mirror: false, degrees: 180 },
  { mirror: true, degrees: 180 },
  { mirror: true, degrees: 270 },
  { mirror: false, degrees: 90 },
  { mirror: true, degrees: 90 },
  { mirror: false, degrees: 270 },
];
const UPRIGHT: Turn = { mirror: false, degrees: 0 };

/** Whether and how a file that was declared to be of a type is taken, by what its header says: before any pixel is decoded. */
export function decidePicture(facts: PictureFacts, declared: ImageType): PictureDecision {
  const { width, height, pages = 1, pageHeight = height } = facts;
  if (typeOf(facts) !== declared) return rejected(`The file is not of the type ${declared}.`);
  if (!(width > 0 && height > 0)) return rejected('The picture has no size.');
  // Of an animation `height` is that of all frames together.
  if (width * height > IMAGE_PIXELS_MAX || width * pageHeight * pages > IMAGE_PIXELS_MAX)
    return rejected(`The picture has more than ${IMAGE_PIXELS_MAX / 1e6} million pixels.`);
  if (pages > FRAMES_MAX) return rejected(`The animation has more than ${FRAMES_MAX} frames.`);
  if (pages > 1) return { kind: 'animated', frameSide: Math.max(width, pageHeight) };
  return { kind: 'still', turn: TURNS[(facts.orientation ?? 1) - 1] ?? UPRIGHT };
}

const rejected = (reason: string): PictureDecision => ({ kind: 'rejected', reason });

function typeOf({ format, compression }: PictureFacts): string {
  // AVIF is HEIF with AV1 in it; with HEVC it is another format, which is not taken.
  return format === 'heif' ? `image/${compression === 'av1' ? 'avif' : 'heic'}` : `image/${format}`;
}
