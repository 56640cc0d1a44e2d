import {
  auditQueries,
  createTestEngines,
  newUserId,
  wasteful,
  type QueryAudit,
  type TestEngines,
} from '@parley/testing';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureIndexes, userDatabase, type UserDatabase } from '../../database.ts';
import { newProfile } from '../profiles/profile-document.ts';
import { fillSearchPrefixes } from './fill-search-prefixes.ts';

let engines: TestEngines;
let audit: QueryAudit;
let client: MongoClient;
let database: UserDatabase;
beforeAll(async () => {
  engines = await createTestEngines({ mongo: true });
  audit = await auditQueries({ uri: engines.mongoUri, database: engines.database });
  client = new MongoClient(audit.uri);
  database = userDatabase(client.db(engines.database));
  await ensureIndexes(database);
});
afterAll(async () => {
  await client.close();
  await audit.close();
  await engines.dispose();
});

it('makes old profiles found, several batches of them, reads no others, and leaves what has changed meanwhile', async () => {
  const { profiles } = database;
  const profile = (i: number, isOld: boolean) => {
    const { searchPrefixes, ...old } = newProfile({
      id: newUserId(),
      username: `u${i}`,
      displayName: `Ada Lovelace${i}`,
      createdAt: '2026-01-01T00:00:00.000Z',
    });
    return (isOld ? old : { ...old, searchPrefixes }) as ReturnType<typeof newProfile>;
  };
  await profiles.insertMany(Array.from({ length: 1_500 }, (_, i) => profile(i, i % 2 === 0)));
  const changed = profile(9_999, false);
  await profiles.insertOne({ ...changed, searchPrefixes: ['as it is'] });
  expect(await profiles.findOne({ searchPrefixes: 'lovelace2', username: 'u2' })).toBeNull();
  audit.take();

  const both = await Promise.all([fillSearchPrefixes(profiles), fillSearchPrefixes(profiles)]);
  expect(both.reduce((a, b) => a + b)).toBe(750);
  expect(wasteful(audit.take())).toEqual([]);
  for (const prefix of ['lovelace2', 'ada lovelace2', 'u2'])
    expect((await profiles.findOne({ searchPrefixes: prefix, username: 'u2' }))?.username).toBe('u2');
  expect(await profiles.findOne({ _id: changed._id })).toMatchObject({ searchPrefixes: ['as it is'] });
  expect(await fillSearchPrefixes(profiles)).toBe(0);
});
