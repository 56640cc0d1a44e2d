import { describe, expect, it } from 'vitest';
import { readEnv } from './env.ts';

const production = {
  NODE_ENV: 'production',
  MONGO_URI: 'mongodb://mongo:27017',
  RABBITMQ_URL: 'amqp://parley:secret@rabbit',
  REDIS_URL: 'redis://redis',
  JWKS_URL: 'http://auth/.well-known/jwks.json',
  USER_API_URL: 'http://user',
};

describe('readEnv', () => {
  it('needs nothing in development', () => {
    expect(readEnv({})).toMatchObject({ PORT: 5003, MONGO_DATABASE: 'parley_chat', NODE_ENV: 'development' });
  });

  it('names what production lacks', () => {
    expect(readEnv(production)).toMatchObject({ MONGO_URI: 'mongodb://mongo:27017' });
    expect(() => readEnv({ NODE_ENV: 'production', MONGO_URI: production.MONGO_URI })).toThrow(
      /RABBITMQ_URL.*\n.*REDIS_URL.*\n.*JWKS_URL.*\n.*USER_API_URL/,
    );
    expect(() => readEnv({ ...production, RABBITMQ_URL: 'rabbit' })).toThrow(/^RABBITMQ_URL/);
  });
});
