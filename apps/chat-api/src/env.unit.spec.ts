import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readEnv } from './env.ts';

const production = {
  NODE_ENV: 'production',
  MONGO_URI: 'mongodb://mongo:27017',
  RABBITMQ_URL: 'amqp://parley:secret@rabbit',
  REDIS_URL: 'redis://redis',
  JWKS_URL: 'http://auth/.well-known/jwks.json',
  USER_API_URL: 'http://user',
  S3_BUCKET_NAME: 'pictures',
  S3_REGION: 'eu-central-1',
};

describe('readEnv', () => {
  it('needs nothing in development', () => {
    expect(readEnv({})).toMatchObject({
      PORT: 5003,
      S3_ENDPOINT: 'http://127.0.0.1:9200',
      MONGO_DATABASE: 'parley_chat',
      NODE_ENV: 'development',
    });
  });

  it('names what production lacks', () => {
    expect(readEnv(production)).toMatchObject({ MONGO_URI: 'mongodb://mongo:27017' });
    expect(() => readEnv({ NODE_ENV: 'production', MONGO_URI: production.MONGO_URI })).toThrow(
      /RABBITMQ_URL.*\n.*REDIS_URL.*\n.*JWKS_URL.*\n.*USER_API_URL.*\n.*S3_BUCKET_NAME.*\n.*S3_REGION/,
    );
    expect(readEnv(production).S3_ENDPOINT).toBeUndefined();
    expect(() => readEnv({ ...production, RABBITMQ_URL: 'rabbit' })).toThrow(/^RABBITMQ_URL/);
  });

  it('FAULT 31: refuses the development keys of S3, and half of a pair, in production', () => {
    const defaults = { S3_ACCESS_KEY: 'parley', S3_SECRET_KEY: 'parley-development' };
    expect(() => readEnv({ ...production, ...defaults })).toThrow(/^S3_SECRET_KEY/);
    expect(() => readEnv({ ...production, S3_SECRET_KEY: 'own' })).toThrow(/^S3_ACCESS_KEY/);
    expect(readEnv({ ...production, ...defaults, S3_SECRET_KEY: 'own' })).toMatchObject({ S3_SECRET_KEY: 'own' });
  });

  it('takes CloudFront’s three variables together, with a key that it can sign with', () => {
    const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    const key = String(pem).replaceAll('\n', '\\n');
    const all = {
      CLOUDFRONT_DOMAIN: 'd1.cloudfront.net',
      CLOUDFRONT_KEY_PAIR_ID: 'K2',
      CLOUDFRONT_PRIVATE_KEY: key,
    };
    expect(readEnv({ ...production, ...all })).toMatchObject({ ...all, CLOUDFRONT_PRIVATE_KEY: pem });
    for (const name of Object.keys(all))
      expect(() => readEnv({ ...production, ...all, [name]: '' })).toThrow(`${name}: is set together with`);
    for (const bad of [{ CLOUDFRONT_DOMAIN: 'https://d1.cloudfront.net' }, { CLOUDFRONT_PRIVATE_KEY: 'a secret' }])
      expect(() => readEnv({ ...production, ...all, ...bad })).toThrow(/^CLOUDFRONT_\w+: must be/);
    // A value is never shown: it may be a secret.
    expect(() => readEnv({ ...production, ...all, CLOUDFRONT_PRIVATE_KEY: 'a secret' })).not.toThrow('a secret');
  });
});
