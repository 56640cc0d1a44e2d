import { registeredUserQuery, userParams } from '@parley/contracts';
import { route, type Router } from '@parley/http-server';
import type { createFindUser } from '../features/accounts/find-user.ts';

/** For the other services, which forward their caller's access token. The public entry does not proxy these paths. */
export function internalRoutes(router: Router, { findUser }: { findUser: ReturnType<typeof createFindUser> }): void {
  router.get(
    '/internal/users/:id',
    route({ params: userParams, handle: async ({ params }) => ({ user: await findUser({ _id: params.id }) }) }),
  );
  router.get(
    '/internal/users',
    route({
      query: registeredUserQuery,
      handle: async ({ query }) => ({ user: await findUser({ username: query.username }) }),
    }),
  );
}
