import { IMAGE_BYTES_MAX, IMAGE_PIXELS_MAX, SNIFFED_BYTES, sniffImageType, type ImageType } from '@parley/domain';
import type { Size } from '../picture-box.ts';

/** A picture that may be sent, as its bytes are now: what its file becomes later doesn't matter. */
export type CheckedPicture = Size & { file: Blob; contentType: ImageType };

export type PictureCheck = { picture: CheckedPicture } | { problem: string };

/** What a browser does with the bytes of a picture. */
export type PictureTools = {
  /** Decodes it upright; rejects where it can't. */
  measure(file: Blob): Promise<Size>;
  /** The same picture in fewer bytes, or undefined where that can't be done. */
  shrink(picture: CheckedPicture, maxBytes: number): Promise<CheckedPicture | undefined>;
};

const TYPES = 'JPEG, PNG, WebP, GIF or AVIF';

/** Looks at a file before it is uploaded, as the server will. The problem is a sentence about the file that is called `name`. */
export async function checkPicture(file: Blob, name: string, tools: PictureTools): Promise<PictureCheck> {
  if (file.size === 0) return { problem: `“${name}” is empty.` };
  const bytes = await file.arrayBuffer().catch(() => null);
  if (bytes === null) return { problem: `“${name}” can’t be read.` };
  const contentType = sniffImageType(new Uint8Array(bytes, 0, Math.min(SNIFFED_BYTES, bytes.byteLength)));
  if (contentType === undefined) return { problem: `“${name}” can’t be sent: pictures are ${TYPES}.` };
  const copy = new Blob([bytes], { type: contentType });
  const size = await tools.measure(copy).catch(() => null);
  if (size === null) return { problem: `“${name}” is damaged or incomplete.` };
  const picture = { file: copy, contentType, ...size };
  if (size.width * size.height <= IMAGE_PIXELS_MAX && copy.size <= IMAGE_BYTES_MAX) return { picture };
  const smaller = await tools.shrink(picture, IMAGE_BYTES_MAX).catch(() => undefined);
  return smaller === undefined ? { problem: tooBig(name, picture) } : { picture: smaller };
}

const tooBig = (name: string, { file }: CheckedPicture): string =>
  file.size > IMAGE_BYTES_MAX
    ? `“${name}” has ${(file.size / 1024 / 1024).toFixed(1)} MB. A picture may have 10 MB at most.`
    : `“${name}” has more than ${IMAGE_PIXELS_MAX / 1_000_000} megapixels.`;
