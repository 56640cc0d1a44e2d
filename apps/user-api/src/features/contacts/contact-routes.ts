import { userParams } from '@parley/contracts';
import { route, type Router } from '@parley/http-server';
import { requireOtherPerson } from '../other-person.ts';
import { authorizationOf } from '../profiles/authorization-of.ts';
import type { People } from '../profiles/people.ts';
import { presentPublicUser } from '../profiles/present-user.ts';
import type { Contacts } from './contacts.ts';

export function contactRoutes(app: Router, { contacts, people }: { contacts: Contacts; people: People }): void {
  app.get(
    '/api/v1/users/contacts',
    route({
      handle: async ({ caller, req }) => {
        const profiles = await people.byIds(await contacts.list(caller.sub), authorizationOf(req));
        return { contacts: profiles.map(presentPublicUser) };
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
