import { uploadParams } from '@parley/contracts';
import { route, type Router } from '@parley/http-server';
import type { ClaimAvatar } from './claim-avatar.ts';
import type { ReleaseAvatar } from './release-avatar.ts';

/** For user-api, in the name of whoever changes their profile; the public entry has no way to what is internal. */
export function claimRoutes(app: Router, o: { claimAvatar: ClaimAvatar; releaseAvatar: ReleaseAvatar }): void {
  app.put(
    '/internal/avatars/:id',
    route({
      params: uploadParams,
      handle: async ({ caller, params }) => ({ avatar: await o.claimAvatar(caller.sub, params.id) }),
    }),
  );
  app.delete(
    '/internal/avatars/:id',
    route({ params: uploadParams, handle: ({ caller, params }) => o.releaseAvatar(caller.sub, params.id) }),
  );
}
