import type { UserId } from '@parley/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startUserApi, type UserApiUnderTest } from '../../testing/user-api.spec.ts';
import { encodeCursor } from './search-cursor.ts';

describe('GET /users/search', () => {
  let api: UserApiUnderTest;
  let me: UserId;
  beforeAll(async () => {
    api = await startUserApi();
    me = await api.person('searcher', 'Zacharias Searcher');
    await api.person('jose', 'José Núñez-Vela');
    await api.person('josephine', 'Josephine Müller');
    await api.person('anna.smith', 'Anna Josefs');
    await api.person('dot.ted', 'A.B. (C)');
  });
  afterAll(() => api?.end());

  const search = async (q: string, more = '') => {
    const answer = await api.call('GET', `/api/v1/users/search?q=${encodeURIComponent(q)}${more}`, { as: me });
    expect(answer.status).toBe(200);
    return {
      names: answer.json.users.map(({ username }) => username),
      next: answer.json.nextCursor,
      json: answer.json,
    };
  };

  it.each([
    ['a username’s beginning', 'josep', ['josephine']],
    ['exact username first, then the others by username', 'jose', ['jose', 'anna.smith', 'josephine']],
    ['without accents', 'nunez', ['jose']],
    ['with accents where there are none', 'jôsèph', ['josephine']],
    ['any case', 'MÜLL', ['josephine']],
    ['the second word', 'vela', ['jose']],
    ['two words', 'jose nun', ['jose']],
    ['not the middle of a word', 'ose', []],
    ['a dot as a dot', 'j.se', []],
    ['regular expressions as text', '.*', []],
    ['an alternative as text', 'jose|anna', []],
    ['a class as text', '[a-z]', []],
    ['a bracket as text', '(', []],
    ['a lone backslash', '\\', []],
    ['a dot of a username', 'dot.', ['dot.ted']],
    ['only accents', '\u0301\u0301', []],
    ['a NUL character', 'jose\0', []],
    ['oneself never', 'searcher', []],
    ['oneself never by name', 'zach', []],
  ])('finds %s', async (_what, q, names) => {
    expect((await search(q)).names).toEqual(names);
  });

  it('gives public profiles only', async () => {
    const { json } = await search('josephine');
    expect(Object.keys(json.users[0] ?? {}).sort()).toEqual(['avatarUrl', 'bio', 'displayName', 'id', 'username']);
  });

  it('finds somebody who registered a moment ago by their exact username', async () => {
    api.auth.register('newcomer', 'New Comer');
    expect((await search('newcom')).names).toEqual([]);
    expect((await search('Newcomer')).names).toEqual(['newcomer']);
    expect((await search('newcom')).names).toEqual(['newcomer']);
  });

  it('follows a changed name', async () => {
    const id = await api.person('mutable', 'Before Change');
    await api.call('PATCH', '/api/v1/users/me', { as: id, body: { displayName: 'Áfter Change' } });
    expect((await search('before')).names).toEqual([]);
    expect((await search('after')).names).toEqual(['mutable']);
  });

  it('pages through all of many, each once, the exact one first', async () => {
    const usernames = ['page', ...Array.from({ length: 11 }, (_, n) => `page${String(n).padStart(2, '0')}`)];
    for (const username of [...usernames].reverse()) await api.person(username, 'Page Turner');
    for (const limit of [1, 5, 6, 12, 200]) {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof search>> = await search(
          'page',
          `&limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`,
        );
        expect(page.names.length).toBeLessThanOrEqual(limit);
        seen.push(...page.names);
        cursor = page.next;
        expect(cursor ?? '').toMatch(/^[\w-]*$/);
      } while (cursor);
      expect(seen).toEqual(usernames);
    }
  });

  it('leaves out who blocked one, not whom one blocked', async () => {
    const [shy, loud] = [await api.person('shyperson'), await api.person('loudperson')];
    await api.call('PUT', `/api/v1/users/blocks/${me}`, { as: shy });
    await api.call('PUT', `/api/v1/users/blocks/${loud}`, { as: me });
    expect((await search('shyperson')).names).toEqual([]);
    expect((await search('shyp')).names).toEqual([]);
    expect((await search('loudp')).names).toEqual(['loudperson']);
    await api.call('DELETE', `/api/v1/users/blocks/${me}`, { as: shy });
    expect((await search('shyp')).names).toEqual(['shyperson']);
  });

  it.each([
    'q=',
    '',
    'q=%20%20',
    `q=${'x'.repeat(65)}`,
    'q[$regex]=.*',
    'q=a&q=b',
    'q=a&limit=0',
    'q=a&limit=201',
    'q=a&limit=x',
    'q=a&sort=bio',
    'q=a&cursor=',
    'q=a&cursor=!!!',
    `q=a&cursor=${Buffer.from('{"$gt":""}').toString('base64url')}`,
    `q=a&cursor=${Buffer.from('[{"$gt":""}]').toString('base64url')}`,
    `q=a&cursor=${encodeCursor('x'.repeat(100))}`,
  ])('refuses ?%s', async (query) => {
    const answer = await api.call('GET', `/api/v1/users/search?${query}`, { as: me });
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_request']);
  });
});
