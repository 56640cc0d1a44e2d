import type { RpcClient } from '@parley/rabbitmq';
import type { AvatarsShown } from './settle-avatars.ts';

/** Asks user-api over the broker: nobody's token is at hand when avatars are settled. Rejects while either is away. */
export function createAvatarsShown(users: RpcClient<'user.commands'>): AvatarsShown {
  return async (avatars) => {
    const { uploadIds } = await users.call('user.avatarsShown', { avatars });
    return new Set(uploadIds);
  };
}
