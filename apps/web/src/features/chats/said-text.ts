import type { Message } from '@parley/contracts';

export const PHOTO = 'Photo';

/** A message in one line: its text or caption, that it is a picture, or that it was deleted. */
export function saidText({ text, image, deletedAt }: Pick<Message, 'text' | 'image' | 'deletedAt'>): string {
  if (deletedAt !== null) return 'Message deleted';
  return text ?? (image === null ? '' : PHOTO);
}
