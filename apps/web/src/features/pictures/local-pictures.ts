import type { ClientMessageId } from '@parley/domain';

/** How long a picture that was sent from here is kept after it was shown last: until the stored one has long been loaded. */
const KEPT_MS = 30_000;

const urls = new Map<ClientMessageId, string>();

/** Makes an address (`blob:`) of one's own picture known to whatever shows its message next, so that it stays in view when the stored one takes its place. */
export const keepLocal = (id: ClientMessageId, url: string): void => void urls.set(id, url);

export const localUrl = (id: ClientMessageId): string | undefined => urls.get(id);

/** Gives the memory behind `url` back, after a while. */
export function releaseLocal(id: ClientMessageId, url: string): void {
  setTimeout(() => {
    URL.revokeObjectURL(url);
    if (urls.get(id) === url) urls.delete(id);
  }, KEPT_MS);
}
