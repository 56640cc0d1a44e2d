import { describe, expect, it } from 'vitest';
import { readEnv } from './env.ts';

const addresses = {
  RABBITMQ_URL: 'amqps://parley:secret@broker.example',
  REDIS_URL: 'rediss://cache.example',
  JWKS_URL: 'http://auth:5001/.well-known/jwks.json',
  PUBLIC_ORIGINS: 'https://chat.example',
  AUTH_API_URL: 'http://auth:5001',
  USER_API_URL: 'http://user:5002',
  CHAT_API_URL: 'http://chat:5003',
};

describe('readEnv', () => {
  it('needs nothing in development', () => {
    expect(readEnv({})).toMatchObject({ PORT: 5000, HEALTH_PORT: 5010, NODE_ENV: 'development' });
  });

  it('reads origins as browsers send them', () => {
    const { PUBLIC_ORIGINS } = readEnv({ PUBLIC_ORIGINS: 'https://chat.example/, http://localhost:3000' });
    expect(PUBLIC_ORIGINS).toEqual(['https://chat.example', 'http://localhost:3000']);
  });

  it.each(['*', 'chat.example', 'https://chat.example/app', ''.padEnd(3, ',')])('refuses the origins %j', (origins) => {
    expect(() => readEnv({ PUBLIC_ORIGINS: origins })).toThrow(/PUBLIC_ORIGINS/);
  });

  it('refuses production with the addresses of one developer, and names each', () => {
    expect(() => readEnv({ NODE_ENV: 'production' })).toThrow(/RABBITMQ_URL[^]*REDIS_URL[^]*PUBLIC_ORIGINS/);
    expect(() => readEnv({ ...addresses, NODE_ENV: 'production', RABBITMQ_URL: 'amqp://guest:guest@broker' })).toThrow(
      /RABBITMQ_URL: must not use the default password/,
    );
    expect(readEnv({ ...addresses, NODE_ENV: 'production' }).AUTH_API_URL).toBe('http://auth:5001');
  });
});
