import type { MessageImage } from '@parley/contracts';
import type { ObjectStorage } from '@parley/object-storage';
import type { Clock } from '@parley/service-kit';
import { LRUCache } from 'lru-cache';
import type { StoredImage } from '../../database.ts';

/** A picture as others read it; at once where its URLs are known, which they are for an hour. */
export type PresentImage = (image: StoredImage) => MessageImage | Promise<MessageImage>;

const REMEMBERED = 20_000;
/** What a URL is good for at least. */
const AT_LEAST_SECONDS = 900;

type Urls = { url: string; thumbUrl: string; freshUntil: number };

/** Signs the URLs of pictures, each once an hour: a signature costs about as much as all the rest of a message. */
export function createPresentImage(o: { storage: Pick<ObjectStorage, 'presignGet'>; clock: Clock }): PresentImage {
  const known = new LRUCache<string, Urls>({ max: REMEMBERED });

  const sign = (key: string, contentType: string, filename: string) =>
    o.storage.presignGet({
      key,
      contentType,
      disposition: { type: 'inline', filename },
      atLeastSeconds: AT_LEAST_SECONDS,
    });

  const fetchUrls = async ({ uploadId, contentType, keys }: StoredImage): Promise<Urls> => {
    const name = `parley-${uploadId.slice(-12)}`;
    const [full, thumb] = await Promise.all([
      sign(keys.full, contentType, `${name}.${contentType.slice('image/'.length)}`),
      sign(keys.thumb, 'image/webp', `${name}-small.webp`),
    ]);
    const endsAt = Math.min(full.expiresAt.getTime(), thumb.expiresAt.getTime());
    const urls = { url: full.url, thumbUrl: thumb.url, freshUntil: endsAt - AT_LEAST_SECONDS * 1000 };
    known.set(keys.full, urls);
    return urls;
  };

  const present = (image: StoredImage, { url, thumbUrl }: Urls): MessageImage => ({
    uploadId: image.uploadId,
    width: image.width,
    height: image.height,
    bytes: image.bytes,
    contentType: image.contentType,
    blurhash: image.blurhash,
    url,
    thumbUrl,
  });

  return (image) => {
    const urls = known.get(image.keys.full);
    if (urls && o.clock().getTime() < urls.freshUntil) return present(image, urls);
    return fetchUrls(image).then((fetched) => present(image, fetched));
  };
}
