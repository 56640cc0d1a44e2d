import { generateKeyPairSync } from 'node:crypto';
import { s3Options } from '@parley/object-storage';
import { EnvError } from '@parley/service-kit';
import { describe, expect, it } from 'vitest';
import { readEnv } from './env.ts';

const PRODUCTION = {
  NODE_ENV: 'production',
  MONGO_URI: 'mongodb+srv://u:p@db.internal',
  RABBITMQ_URL: 'amqps://parley:s3cret@mq.internal',
  REDIS_URL: 'rediss://cache.internal:6379',
  JWKS_URL: 'http://auth-api:5001/.well-known/jwks.json',
  AUTH_API_URL: 'http://auth-api:5001',
  CHAT_API_URL: 'http://chat-api:5003',
  S3_BUCKET_NAME: 'pictures',
  S3_REGION: 'eu-central-1',
};

describe('readEnv', () => {
  it('has defaults for development', () => {
    expect(readEnv({})).toMatchObject({ NODE_ENV: 'development', PORT: 5_002, MONGO_DATABASE: 'parley_user' });
  });

  it('takes a complete production environment', () => {
    expect(readEnv({ ...PRODUCTION, PORT: '80' })).toMatchObject({ PORT: 80, AUTH_API_URL: 'http://auth-api:5001' });
  });

  it.each([
    'MONGO_URI',
    'RABBITMQ_URL',
    'REDIS_URL',
    'JWKS_URL',
    'AUTH_API_URL',
    'CHAT_API_URL',
    'S3_BUCKET_NAME',
    'S3_REGION',
  ])('names %s when production lacks it', (name) => {
    const read = () => readEnv({ ...PRODUCTION, [name]: undefined });
    expect(read).toThrow(EnvError);
    expect(read).toThrow(name);
  });

  it('refuses the broker’s default account in production, except on the machine itself', () => {
    expect(() => readEnv({ ...PRODUCTION, RABBITMQ_URL: 'amqp://guest:guest@mq.internal' })).toThrow('RABBITMQ_URL');
    const local = readEnv({ ...PRODUCTION, RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1' });
    expect(local.RABBITMQ_URL).toBe('amqp://guest:guest@127.0.0.1');
  });

  it('takes the keys of the bucket together or not at all, and never the default ones in production', () => {
    expect(s3Options(readEnv(PRODUCTION))).toEqual({ bucket: 'pictures', region: 'eu-central-1' });
    const keys = { S3_ACCESS_KEY: 'AKIA1', S3_SECRET_KEY: 's3cret' };
    expect(s3Options(readEnv({ ...PRODUCTION, ...keys }))).toMatchObject({ accessKey: 'AKIA1', secretKey: 's3cret' });
    expect(() => readEnv({ ...PRODUCTION, S3_SECRET_KEY: 's3cret' })).toThrow('S3_ACCESS_KEY');
    const development = { S3_ACCESS_KEY: 'parley', S3_SECRET_KEY: 'parley-development' };
    expect(() => readEnv({ ...PRODUCTION, ...development })).toThrow('S3_SECRET_KEY: has the default value');
  });

  it('takes a replica set’s several hosts', () => {
    const uri = 'mongodb://a:27017,b:27017/?replicaSet=rs0';
    expect(readEnv({ MONGO_URI: uri }).MONGO_URI).toBe(uri);
  });

  it.each([{ PORT: 'x' }, { PORT: '70000' }, { LOG_LEVEL: 'loud' }, { MONGO_URI: 'nowhere' }])('refuses %o', (bad) => {
    expect(() => readEnv(bad)).toThrow(EnvError);
  });

  it('takes CloudFront’s three variables together, with a key that it can sign with', () => {
    const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    const key = String(pem).replaceAll('\n', '\\n');
    const all = {
      CLOUDFRONT_DOMAIN: 'd1.cloudfront.net',
      CLOUDFRONT_KEY_PAIR_ID: 'K2',
      CLOUDFRONT_PRIVATE_KEY: key,
    };
    expect(s3Options(readEnv({ ...PRODUCTION, ...all }))).toMatchObject({
      cloudFront: { domain: 'd1.cloudfront.net', keyPairId: 'K2', privateKey: pem },
    });
    for (const name of Object.keys(all))
      expect(() => readEnv({ ...PRODUCTION, ...all, [name]: '' })).toThrow(`${name}: is set together with`);
    for (const bad of [{ CLOUDFRONT_DOMAIN: 'https://d1.cloudfront.net' }, { CLOUDFRONT_PRIVATE_KEY: 'a secret' }])
      expect(() => readEnv({ ...PRODUCTION, ...all, ...bad })).toThrow(/^CLOUDFRONT_\w+: must be/);
    // A value is never shown: it may be a secret.
    expect(() => readEnv({ ...PRODUCTION, ...all, CLOUDFRONT_PRIVATE_KEY: 'a secret' })).not.toThrow('a secret');
  });
});
