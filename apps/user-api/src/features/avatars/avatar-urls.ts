import type { Avatar } from '@parley/contracts';
import type { ObjectStorage } from '@parley/object-storage';
import type { Clock } from '@parley/service-kit';
import { LRUCache } from 'lru-cache';

/** What an `<img>` loads; at once where it is known, which it is for an hour. */
export type AvatarUrl = (avatar: Avatar | null) => string | null | Promise<string>;

const REMEMBERED = 20_000;
/** What a URL is good for at least. */
const AT_LEAST_SECONDS = 900;

/** Signs the URLs of avatars, each once an hour: a search shows dozens of people, and a signature costs more than all the rest of one. */
export function createAvatarUrl(o: { storage: Pick<ObjectStorage, 'presignGet'>; clock: Clock }): AvatarUrl {
  const known = new LRUCache<string, { url: string; freshUntil: number }>({ max: REMEMBERED });

  const sign = async ({ key, uploadId }: Avatar): Promise<string> => {
    const filename = `parley-${uploadId.slice(-12)}-avatar.webp`;
    const { url, expiresAt } = await o.storage.presignGet({
      key,
      contentType: 'image/webp',
      disposition: { type: 'inline', filename },
      atLeastSeconds: AT_LEAST_SECONDS,
    });
    known.set(key, { url, freshUntil: expiresAt.getTime() - AT_LEAST_SECONDS * 1000 });
    return url;
  };

  return (avatar) => {
    if (avatar === null) return null;
    const signed = known.get(avatar.key);
    return signed && o.clock().getTime() < signed.freshUntil ? signed.url : sign(avatar);
  };
}
