import type { UploadId, UserId } from '@parley/domain';
import { createRpcClient } from '@parley/rabbitmq';
import { auditQueries, eventually, newUserId, wasteful, type AuditedQuery, type QueryAudit } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newProfile } from './features/profiles/profile-document.ts';
import { relationId } from './features/relation-id.ts';
import { startUserApi, type UserApiUnderTest } from './testing/user-api.spec.ts';

const newUploadId = () => newUserId() as unknown as UploadId;
const FIRST = ['Anna', 'Bernd', 'Clara', 'Anton', 'Annika', 'David'];
const LAST = ['Ahrens', 'Becker', 'Conrad', 'Dietz', 'Engel'];

/** Every query of user-api, explained as it runs among 300 people: none reads more than twice what it returns. */
describe('the queries of user-api', () => {
  let api: UserApiUnderTest;
  let audit: QueryAudit;
  let me: UserId;
  let people: UserId[];
  beforeAll(async () => {
    api = await startUserApi(async ({ mongoUri, database }) => {
      audit = await auditQueries({ uri: mongoUri, database });
      return { MONGO_URI: audit.uri };
    });
    me = await api.person('me', 'Myself Alone');
    people = Array.from({ length: 300 }, () => newUserId());
    const at = new Date().toISOString();
    await api.database.profiles.insertMany(
      people.map((id, i) => {
        const [first, last] = [FIRST[i % FIRST.length] as string, LAST[i % LAST.length] as string];
        return newProfile({
          id,
          username: `${first.toLowerCase()}${i}`,
          displayName: `${first} ${last}`,
          createdAt: at,
        });
      }),
    );
    const relation = (ownerId: UserId, otherId: UserId, n: number) => ({
      _id: relationId(ownerId, otherId), ownerId, otherId, at: new Date(n * 1_000),
    }); // prettier-ignore
    const among = people.flatMap((one, i) => [1, 2, 3].map((n) => relation(one, person((i + n) % 300), i)));
    await api.database.contacts.insertMany([
      ...among,
      ...people.slice(0, 20).map((other, n) => relation(me, other, n)),
    ]);
    await api.database.blocks.insertMany(
      [...among, relation(me, person(30), 1), relation(person(31), me, 1)].map((block, i) => ({
        ...block,
        removedAt: i % 5 === 0 ? new Date() : null,
        version: 1,
      })),
    );
    await api.call('GET', '/api/v1/users/me', { as: me });
    audit.take();
  }, 60_000);
  afterAll(async () => {
    await api.end();
    await audit.close();
  });

  const person = (i: number): UserId => people[i] as UserId;
  const users = '/api/v1/users';

  async function searched(q: string, limit: number): Promise<void> {
    let cursor: string | null = null;
    do {
      const path = `${users}/search?q=${q}&limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`;
      const { status, json } = await api.call('GET', path, { as: me });
      expect(status).toBe(200);
      cursor = json.nextCursor;
    } while (cursor !== null);
  }
  async function changed(path: string): Promise<void> {
    for (const method of ['PUT', 'PUT', 'DELETE', 'DELETE', 'PUT'])
      expect((await api.call(method, path, { as: me })).status).toBe(204);
  }

  async function avatarsShown(): Promise<void> {
    const users = createRpcClient(api.rabbit, { queue: 'user.commands', timeoutMs: 2_000 });
    const avatars = people.slice(0, 60).map((userId) => ({ userId, uploadId: newUploadId() }));
    expect(await eventually(() => users.call('user.avatarsShown', { avatars }))).toEqual({ uploadIds: [] });
    await users.close();
  }

  const cases: [string, () => Promise<unknown>][] = [
    ['my profile', () => api.call('GET', `${users}/me`, { as: me })],
    ['a change of it', () => api.call('PATCH', `${users}/me`, { as: me, body: { displayName: 'Me Again' } })],
    ['somebody', () => api.call('GET', `${users}/${person(7)}`, { as: me })],
    ['several people, some unknown', () => api.call('GET', `${users}?ids=${people.slice(0, 50).join()},${newUserId()}`, { as: me })],
    ['a search that finds many, page by page', () => searched('an', 20)],
    ['a search that finds few', () => searched('anna12', 20)],
    ['a search that finds nobody', () => searched('nobody', 20)],
    ['my contacts', () => api.call('GET', `${users}/contacts`, { as: me })],
    ['contacts, added and removed', () => changed(`${users}/contacts/${person(40)}`)],
    ['whom I block', () => api.call('GET', `${users}/blocks`, { as: me })],
    ['blocks, put and lifted', () => changed(`${users}/blocks/${person(41)}`)],
    ['the avatars that profiles show', avatarsShown],
    ['presence', () => api.call('GET', `${users}/presence?ids=${people.slice(0, 40).join()}`, { as: me })],
  ]; // prettier-ignore

  it.each(cases)('%s', async (_, run) => {
    await run();
    const queries = audit.take();
    expect(queries.length).toBeGreaterThan(0);
    expect(wasteful(queries)).toEqual([]);
  });

  it('somebody who registers, and the outbox', async () => {
    await api.person('newcomer', 'New Comer');
    await api.call('PATCH', `${users}/me`, { as: me, body: { bio: 'told to others' } });
    const queries = await audit.takeUntil(({ command }) => '$unset' in updateOf(command));
    expect(wasteful(queries)).toEqual([]);
  });
});

/** What the first statement of an `update` command changes. */
function updateOf({ updates }: AuditedQuery['command']): object {
  return (updates as { u: object }[] | undefined)?.[0]?.u ?? {};
}
