import { searchUsersQuery } from '@parley/contracts';
import { HttpProblem, route, type Router } from '@parley/http-server';
import { authorizationOf } from '../profiles/authorization-of.ts';
import type { UserPresenter } from '../profiles/present-user.ts';
import { decodeCursor, encodeCursor } from './search-cursor.ts';
import type { SearchUsers } from './search-users.ts';

export function searchRoutes(app: Router, searchUsers: SearchUsers, present: UserPresenter): void {
  app.get(
    '/api/v1/users/search',
    route({
      query: searchUsersQuery,
      handle: async ({ caller, query, req }) => {
        const { profiles, last } = await searchUsers({
          callerId: caller.sub,
          text: query.q,
          limit: query.limit,
          after: query.cursor === undefined ? undefined : positionOf(query.cursor),
          authorization: authorizationOf(req),
        });
        return { users: await present.publicUsers(profiles), nextCursor: last === null ? null : encodeCursor(last) };
      },
    }),
  );
}

function positionOf(cursor: string): string {
  const position = decodeCursor(cursor);
  if (position !== null) return position;
  const errors = [{ path: 'cursor', message: 'must be the nextCursor of the page before' }];
  throw new HttpProblem('invalid_request', 'The cursor is not one of this list.', { errors });
}
