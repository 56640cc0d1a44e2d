import { checkS3Variables, S3_DEVELOPMENT_DEFAULTS, s3Variables } from '@parley/object-storage';
import { parseEnv } from '@parley/service-kit';
import { z } from 'zod';

const origins = z.string().transform((list) =>
  list
    .split(',')
    .map((origin) => origin.trim().replace(/\/+$/, ''))
    .filter((origin) => origin !== ''),
);

const variables = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(5003),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  MONGO_URI: z.url(),
  MONGO_DATABASE: z.string().min(1).default('parley_chat'),
  RABBITMQ_URL: z.url(),
  REDIS_URL: z.url(),
  REDIS_KEY_PREFIX: z.string().default(''),
  JWKS_URL: z.url(),
  JWT_ISSUER: z.string().min(1).default('parley'),
  JWT_AUDIENCE: z.string().min(1).default('parley'),
  USER_API_URL: z.url(),
  ...s3Variables,
  /** Pages that may upload to the bucket; used in development, where the bucket is made here. */
  PUBLIC_ORIGINS: origins.default([]),
  /** Messages a second that one person may keep up; ten times as many at once. 0: no limit. */
  SEND_RATE_PER_SECOND: z.coerce.number().int().min(0).default(200),
});

/** What names another machine. In production it has no default: a forgotten variable must not point at localhost. */
const DEVELOPMENT_DEFAULTS = {
  MONGO_URI: 'mongodb://127.0.0.1:27117',
  RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1:5772',
  REDIS_URL: 'redis://127.0.0.1:6479',
  JWKS_URL: 'http://127.0.0.1:5001/.well-known/jwks.json',
  USER_API_URL: 'http://127.0.0.1:5002',
  ...S3_DEVELOPMENT_DEFAULTS,
  PUBLIC_ORIGINS: 'http://localhost:3000,http://127.0.0.1:3000',
};

const schema = variables.superRefine(checkS3Variables);

export type Env = z.infer<typeof schema>;

/**
 * What chat-api reads from the environment.
 * @throws EnvError naming every variable that is missing or bad
 */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const given = Object.entries(source).filter(([, value]) => value !== undefined && value !== '');
  const defaults = source['NODE_ENV'] === 'production' ? {} : DEVELOPMENT_DEFAULTS;
  return parseEnv(schema, { ...defaults, ...Object.fromEntries(given) });
}
