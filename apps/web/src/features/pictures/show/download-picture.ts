import type { Message } from '@parley/contracts';

const KEPT_MS = 30_000;

/**
 * Has the browser keep the picture of a message as a file named by when it was sent. It lies on another origin, whose files a link only opens, so it is read
 * first; where that fails it is opened after all.
 */
export async function downloadPicture({ image, createdAt }: Pick<Message, 'image' | 'createdAt'>): Promise<void> {
  if (image === null) return;
  const link = document.createElement('a');
  link.rel = 'noopener';
  try {
    // Not from the browser's store, which may have got it for an `<img>`, without leave for scripts to read it.
    const response = await fetch(image.url, { cache: 'no-store', credentials: 'omit' });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const url = URL.createObjectURL(await response.blob());
    setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
    link.href = url;
    link.download = fileName(createdAt, image.contentType);
  } catch {
    link.href = image.url;
    link.target = '_blank';
  }
  link.click();
}

/** For example `parley-2026-11-23-093012.jpeg`, in UTC. */
export const fileName = (createdAt: string, contentType: string): string =>
  `parley-${createdAt.slice(0, 10)}-${createdAt.slice(11, 19).replaceAll(':', '')}.${contentType.slice('image/'.length)}`;
