import type { ObjectStorage } from '@parley/object-storage';
import type { Clock, Logger } from '@parley/service-kit';
import type { Database } from '../../database.ts';
import type { ImageRenderer } from '../images/image-renderer.ts';
import { createClaimAvatar, type ClaimAvatar } from './claim-avatar.ts';
import { createReleaseAvatar, type ReleaseAvatar } from './release-avatar.ts';
import { createSettleAvatars, type AvatarsShown } from './settle-avatars.ts';

const SETTLE_MS = 60_000;

export type AvatarService = { claim: ClaimAvatar; release: ReleaseAvatar; start(): void; stop(): Promise<void> };

/** Puts together what deals with avatars, and the settling behind it. */
export function createAvatarService(o: {
  database: Database;
  storage: ObjectStorage;
  renderer: ImageRenderer;
  avatarsShown: AvatarsShown;
  clock: Clock;
  logger: Logger;
}): AvatarService {
  const shared = { ...o, uploads: o.database.uploads };
  const settle = createSettleAvatars(shared);
  let timer: NodeJS.Timeout | undefined;
  let settling: Promise<unknown> = Promise.resolve();
  return {
    claim: createClaimAvatar(shared),
    release: createReleaseAvatar(shared),
    start: () => {
      timer = setInterval(() => {
        settling = settling
          .then(settle)
          .catch((error: unknown) => o.logger.warn({ reason: String(error) }, 'avatars not settled'));
      }, SETTLE_MS);
    },
    stop: async () => {
      clearInterval(timer);
      await settling;
    },
  };
}
