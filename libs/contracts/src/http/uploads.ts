import { IMAGE_BYTES_MAX, IMAGE_TYPES } from '@parley/domain';
import { z } from 'zod';
import { timestamp, uploadId } from '../primitives.ts';

const pixels = z.number().int().min(1);

/** A picture that was checked, cleaned and stored: what is known of it before a byte of it is loaded. */
export const image = z.object({
  uploadId,
  width: pixels,
  height: pixels,
  bytes: z.number().int().min(1),
  contentType: z.enum(IMAGE_TYPES),
  /** A blurred preview of 20 to 30 characters (blurha.sh), to show until the picture is there. */
  blurhash: z.string(),
});
export type Image = z.infer<typeof image>;

/**
 * A message's picture, with what an `<img>` loads: the whole, and one of at most 640 pixels a side. The URLs stay the same for an hour
 * and work for 15 minutes at least; later the message, read again, has fresh ones.
 */
export const messageImage = image.extend({ url: z.string(), thumbUrl: z.string() });
export type MessageImage = z.infer<typeof messageImage>;

export const newUploadBody = z.strictObject({
  contentType: z.enum(IMAGE_TYPES),
  bytes: z.number().int().min(1).max(IMAGE_BYTES_MAX),
});
export type NewUploadBody = z.infer<typeof newUploadBody>;
export const uploadParams = z.strictObject({ id: uploadId });

/** How to upload: one request with these headers and exactly as many bytes as were told, until it expires. */
export const newUploadAnswer = z.object({
  uploadId,
  url: z.string(),
  method: z.literal('PUT'),
  headers: z.record(z.string(), z.string()),
  expiresAt: timestamp,
});
export type NewUploadAnswer = z.infer<typeof newUploadAnswer>;
export const imageAnswer = z.object({ image });
