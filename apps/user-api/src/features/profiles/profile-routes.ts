import { patchMeBody, userParams, usersQuery } from '@parley/contracts';
import { HttpProblem, route, type Router } from '@parley/http-server';
import { authorizationOf } from './authorization-of.ts';
import type { PatchMe } from './patch-me.ts';
import type { People } from './people.ts';
import type { UserPresenter } from './present-user.ts';

type Deps = { people: People; patchMe: PatchMe; present: UserPresenter };

/** Before every route with an id in its place. */
export function meRoutes(app: Router, { people, patchMe, present }: Deps): void {
  app.get(
    '/api/v1/users/me',
    route({
      handle: async ({ caller, req }) => {
        const profile = await people.byId(caller.sub, authorizationOf(req));
        if (!profile) throw new HttpProblem('user_not_found');
        return { user: await present.ownUser(profile) };
      },
    }),
  );
  app.patch(
    '/api/v1/users/me',
    route({
      body: patchMeBody,
      handle: async ({ caller, body, req }) => {
        const profile = await patchMe(caller.sub, body, authorizationOf(req));
        if (!profile) throw new HttpProblem('user_not_found');
        return { user: await present.ownUser(profile) };
      },
    }),
  );
}

/** After every other route below /users/. */
export function userRoutes(app: Router, { people, present }: Deps): void {
  app.get(
    '/api/v1/users',
    route({
      query: usersQuery,
      handle: async ({ query, req }) => {
        const profiles = await people.byIds(query.ids, authorizationOf(req));
        return { users: await present.publicUsers(profiles) };
      },
    }),
  );
  app.get(
    '/api/v1/users/:id',
    route({
      params: userParams,
      handle: async ({ params, req }) => {
        const profile = await people.byId(params.id, authorizationOf(req));
        if (!profile) throw new HttpProblem('user_not_found');
        return { user: await present.publicUser(profile) };
      },
    }),
  );
}
