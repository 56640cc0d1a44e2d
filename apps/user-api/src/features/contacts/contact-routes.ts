import { userParams } from '@parley/contracts';
import { route, type Router } from '@parley/http-server';
import { requireOtherPerson } from '../other-person.ts';
import { authorizationOf } from '../profiles/authorization-of.ts';
import type { People } from '../profiles/people.ts';
import type { UserPresenter } from '../profiles/present-user.ts';
import type { Contacts } from './contacts.ts';

type Deps = { contacts: Contacts; people: People; present: UserPresenter };

export function contactRoutes(app: Router, { contacts, people, present }: Deps): void {
  app.get(
    '/api/v1/users/contacts',
    route({
      handle: async ({ caller, req }) => {
        const profiles = await people.byIds(await contacts.list(caller.sub), authorizationOf(req));
        return { contacts: await present.publicUsers(profiles) };
      },
    }),
  );
  app.put(
    '/api/v1/users/contacts/:id',
    route({
      params: userParams,
      handle: async ({ caller, params, req }) => {
        const authorization = authorizationOf(req);
        await requireOtherPerson(people, { callerId: caller.sub, otherId: params.id, authorization });
        await contacts.add(caller.sub, params.id);
      },
    }),
  );
  app.delete(
    '/api/v1/users/contacts/:id',
    route({ params: userParams, handle: ({ caller, params }) => contacts.remove(caller.sub, params.id) }),
  );
}
