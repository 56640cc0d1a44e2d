import { expect, it } from 'vitest';
import { isDatabaseAway } from './is-database-away.ts';

const named = (name: string, more: object = {}): Error => Object.assign(new Error('it broke'), { name, ...more });

it.each([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoServerClosedError',
  'MongoClientClosedError',
  'MongoOperationTimeoutError',
])('%s: the database is away', (name) => expect(isDatabaseAway(named(name))).toBe(true));

it('knows the bare error of a socket that ends while it is written to', () => {
  expect(isDatabaseAway(named('Error', { code: 'EPIPE', syscall: 'write' }))).toBe(true);
  expect(isDatabaseAway(named('Error', { code: 'ECONNRESET', syscall: 'write' }))).toBe(true);
  // A client that goes away while it sends: its own doing.
  expect(isDatabaseAway(named('BadRequestError', { code: 'ECONNABORTED', status: 400 }))).toBe(false);
});

it('takes what a server says that steps down for being away, and nothing else that it says', () => {
  expect(isDatabaseAway(named('MongoServerError', { code: 11_600 }))).toBe(true);
  expect(isDatabaseAway(named('MongoServerError', { code: 11_000 }))).toBe(false);
  expect(isDatabaseAway(named('MongoParseError'))).toBe(false);
  expect(isDatabaseAway('MongoNetworkError')).toBe(false);
});
