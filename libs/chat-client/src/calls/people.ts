import {
  ownUserAnswer,
  presenceAnswer,
  searchUsersAnswer,
  usersAnswer,
  type OwnUser,
  type PatchMeBody,
  type PresenceById,
  type PublicUser,
} from '@parley/contracts';
import { BATCH_IDS_MAX, type UserId } from '@parley/domain';
import type { Exchange } from '../http/exchange.ts';

const PATH = '/api/v1/users';

/** People whose username or a word of whose name begins with `q`. */
export async function searchPeople(exchange: Exchange, q: string, signal: AbortSignal): Promise<PublicUser[]> {
  const query = { q, limit: 20 };
  return (await exchange({ method: 'GET', path: `${PATH}/search`, query, signal, answer: searchUsersAnswer })).users;
}

/** Public profiles, at most BATCH_IDS_MAX at once; ids that nobody has are left out. */
export async function getPeople(exchange: Exchange, ids: readonly UserId[]): Promise<PublicUser[]> {
  const query = { ids: ids.slice(0, BATCH_IDS_MAX).join(',') };
  return (await exchange({ method: 'GET', path: PATH, query, answer: usersAnswer })).users;
}

/** Who is online, and since when not, as far as their privacy lets us see. */
export async function getPresence(exchange: Exchange, ids: readonly UserId[]): Promise<PresenceById> {
  const query = { ids: ids.slice(0, BATCH_IDS_MAX).join(',') };
  return (await exchange({ method: 'GET', path: `${PATH}/presence`, query, answer: presenceAnswer })).presence;
}

export const getMe = async (exchange: Exchange): Promise<OwnUser> =>
  (await exchange({ method: 'GET', path: `${PATH}/me`, answer: ownUserAnswer })).user;

export const patchMe = async (exchange: Exchange, body: PatchMeBody): Promise<OwnUser> =>
  (await exchange({ method: 'PATCH', path: `${PATH}/me`, body, answer: ownUserAnswer })).user;
