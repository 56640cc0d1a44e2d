import type { UploadDocument } from '../../database.ts';

/** Milliseconds of the past that count. */
export const QUOTA_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;
export const UPLOADS_MAX = { open: 40, hour: 300, day: 1_000 } as const;

/**
 * Whether somebody may upload one more picture.
 * @param recent their uploads of the last day
 * @returns the sentence that says why not; null: they may
 */
export function decideQuota(recent: readonly Pick<UploadDocument, 'state' | 'createdAt'>[], now: Date): string | null {
  const open = recent.filter(({ state }) => state === 'pending' || state === 'ready').length;
  if (open >= UPLOADS_MAX.open) return 'Too many of your pictures are uploaded and not sent.';
  const hourAgo = now.getTime() - HOUR_MS;
  const lately = recent.filter(({ createdAt }) => createdAt.getTime() > hourAgo).length;
  if (lately >= UPLOADS_MAX.hour || recent.length >= UPLOADS_MAX.day) return 'You have uploaded too many pictures.';
  return null;
}
