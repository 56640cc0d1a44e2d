import { usersQuery } from '@parley/contracts';
import { route, type Router } from '@parley/http-server';
import type { SeePresence } from './see-presence.ts';

/** Hidden and offline for ever look the same: nobody learns that something is hidden from them. */
const HIDDEN = { online: false, lastSeenAt: null };

export function presenceRoutes(app: Router, seePresence: SeePresence): void {
  app.get(
    '/api/v1/users/presence',
    route({
      query: usersQuery,
      handle: async ({ caller, query }) => {
        const seen = await seePresence(caller.sub, query.ids);
        return { presence: Object.fromEntries(query.ids.map((id) => [id, seen[id] ?? HIDDEN])) };
      },
    }),
  );
}
