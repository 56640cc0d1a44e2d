import { userParams } from '@parley/contracts';
import { route, type Router } from '@parley/http-server';
import { requireOtherPerson } from '../other-person.ts';
import { authorizationOf } from '../profiles/authorization-of.ts';
import type { People } from '../profiles/people.ts';
import type { UserPresenter } from '../profiles/present-user.ts';
import type { Blocks } from './blocks.ts';

type Deps = { blocks: Blocks; people: People; present: UserPresenter };

export function blockRoutes(app: Router, { blocks, people, present }: Deps): void {
  app.get(
    '/api/v1/users/blocks',
    route({
      handle: async ({ caller, req }) => {
        const profiles = await people.byIds(await blocks.list(caller.sub), authorizationOf(req));
        return { blocks: await present.publicUsers(profiles) };
      },
    }),
  );
  app.put(
    '/api/v1/users/blocks/:id',
    route({
      params: userParams,
      handle: async ({ caller, params, req }) => {
        const authorization = authorizationOf(req);
        await requireOtherPerson(people, { callerId: caller.sub, otherId: params.id, authorization });
        await blocks.add(caller.sub, params.id);
      },
    }),
  );
  app.delete(
    '/api/v1/users/blocks/:id',
    route({ params: userParams, handle: ({ caller, params }) => blocks.remove(caller.sub, params.id) }),
  );
}
