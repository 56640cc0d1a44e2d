import { MongoNetworkError, MongoServerError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { isDuplicateKey, isMongoAway } from './mongo-errors.ts';

describe('isDuplicateKey', () => {
  it('tells which index refused', () => {
    const error = new MongoServerError({ message: 'E11000', code: 11_000, keyPattern: { email: 1 } });
    expect(isDuplicateKey(error) && error.keyPattern).toEqual({ email: 1 });
  });

  it('reads it from the name of the index where the server says no more, as DocumentDB', () => {
    const message = 'E11000 duplicate key error collection: db.messages index: chatId_1_seq_1 dup key';
    const error = new MongoServerError({ message, code: 11_000 });
    expect(isDuplicateKey(error) && error.keyPattern).toEqual({ chatId: 1, seq: 1 });
  });

  it('is false for everything else', () => {
    expect(isDuplicateKey(new MongoServerError({ message: 'no', code: 50 }))).toBe(false);
    expect(isDuplicateKey(new Error('E11000'))).toBe(false);
  });
});

describe('isMongoAway', () => {
  it('tells a server that is away from one that refuses', () => {
    expect(isMongoAway(new MongoNetworkError('ECONNREFUSED'))).toBe(true);
    expect(isMongoAway(new MongoServerError({ message: 'shutting down', code: 11_600 }))).toBe(true);
    expect(isMongoAway(new MongoServerError({ message: 'duplicate', code: 11_000 }))).toBe(false);
    expect(isMongoAway(new Error('away'))).toBe(false);
  });

  it('knows the bare error of a socket that ends while it is written to', () => {
    const broken = (code: string) => Object.assign(new Error(`write ${code}`), { code, syscall: 'write' });
    expect(isMongoAway(broken('ECONNRESET'))).toBe(true);
    expect(isMongoAway(broken('EPIPE'))).toBe(true);
    expect(isMongoAway(broken('ENOENT'))).toBe(false);
  });
});
