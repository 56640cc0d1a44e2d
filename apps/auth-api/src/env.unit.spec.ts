import { describe, expect, it } from 'vitest';
import { readEnv } from './env.ts';

const production = {
  NODE_ENV: 'production',
  MONGO_URI: 'mongodb://db/',
  RABBITMQ_URL: 'amqp://parley:s3cret@mq',
  REDIS_URL: 'redis://cache',
  JWT_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----',
  PUBLIC_ORIGINS: 'https://parley.example/, https://www.parley.example',
};

describe('readEnv', () => {
  it('needs nothing in development', () => {
    expect(readEnv({})).toMatchObject({ PORT: 5001, MONGO_DATABASE: 'parley_auth', isProduction: false });
  });

  it('reads origins without a trailing slash, and a key whose newlines are escaped', () => {
    const env = readEnv(production);
    expect(env.PUBLIC_ORIGINS).toEqual(['https://parley.example', 'https://www.parley.example']);
    expect(env.JWT_PRIVATE_KEY).toContain('\nabc\n');
    expect(env.REGISTRATIONS_PER_IP).toBe(100);
  });

  it.each(['MONGO_URI', 'RABBITMQ_URL', 'REDIS_URL', 'JWT_PRIVATE_KEY', 'PUBLIC_ORIGINS'])(
    'refuses production without %s, and says so',
    (name) => {
      expect(() => readEnv({ ...production, [name]: undefined })).toThrow(`${name}: must be set in production`);
    },
  );

  it('refuses the password that every RabbitMQ comes with', () => {
    const guest = { ...production, RABBITMQ_URL: 'amqp://guest:guest@mq' };
    expect(() => readEnv(guest)).toThrow('RABBITMQ_URL: has the default password');
  });
});
