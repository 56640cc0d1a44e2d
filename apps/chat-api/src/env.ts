import { isCloudFrontKey } from '@parley/object-storage';
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
  S3_BUCKET_NAME: z.string().min(1),
  S3_REGION: z.string().min(1),
  /** Outside AWS. */
  S3_ENDPOINT: z.url().optional(),
  /** Where browsers reach it, when that is another address than ours. */
  S3_PUBLIC_ENDPOINT: z.url().optional(),
  /** Without these the SDK finds the role of the machine. */
  S3_ACCESS_KEY: z.string().min(1).optional(),
  S3_SECRET_KEY: z.string().min(1).optional(),
  /** CloudFront in front of the bucket, for what browsers read: all three or none. Without them they read from the bucket itself. */
  CLOUDFRONT_DOMAIN: z
    .string()
    .regex(/^[a-z0-9.-]+$/, 'must be a host name, without https://')
    .optional(),
  CLOUDFRONT_KEY_PAIR_ID: z.string().min(1).optional(),
  /** RSA of 2048 bits, PEM; \\n stands for the end of a line where a variable can't have one. */
  CLOUDFRONT_PRIVATE_KEY: z
    .string()
    .transform((pem) => pem.replaceAll('\\n', '\n'))
    .refine(isCloudFrontKey, 'must be the PEM of a private RSA key of 2048 bits')
    .optional(),
  /** Pages that may upload to the bucket; used in development, where the bucket is made here. */
  PUBLIC_ORIGINS: origins.default([]),
  /** Messages a second that one person may keep up; ten times as many at once. 0: no limit. */
  SEND_RATE_PER_SECOND: z.coerce.number().int().min(0).default(200),
});

const CLOUDFRONT = ['CLOUDFRONT_DOMAIN', 'CLOUDFRONT_KEY_PAIR_ID', 'CLOUDFRONT_PRIVATE_KEY'] as const;

/** What names another machine. In production it has no default: a forgotten variable must not point at localhost. */
const DEVELOPMENT_DEFAULTS = {
  MONGO_URI: 'mongodb://127.0.0.1:27117',
  RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1:5772',
  REDIS_URL: 'redis://127.0.0.1:6479',
  JWKS_URL: 'http://127.0.0.1:5001/.well-known/jwks.json',
  USER_API_URL: 'http://127.0.0.1:5002',
  S3_ENDPOINT: 'http://127.0.0.1:9200',
  S3_BUCKET_NAME: 'parley',
  S3_REGION: 'us-east-1',
  S3_ACCESS_KEY: 'parley',
  S3_SECRET_KEY: 'parley-development',
  PUBLIC_ORIGINS: 'http://localhost:3000,http://127.0.0.1:3000',
};

const schema = variables.superRefine((env, context) => {
  const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
  const missing = CLOUDFRONT.filter((name) => env[name] === undefined);
  if (missing.length < CLOUDFRONT.length)
    for (const name of missing) refuse(name, `is set together with ${CLOUDFRONT.join(', ')}, or none of them`);
  if (env.NODE_ENV !== 'production') return;
  if (env.S3_SECRET_KEY === DEVELOPMENT_DEFAULTS.S3_SECRET_KEY) refuse('S3_SECRET_KEY', 'has the default value');
  if ((env.S3_ACCESS_KEY === undefined) !== (env.S3_SECRET_KEY === undefined))
    refuse('S3_ACCESS_KEY', 'is set together with S3_SECRET_KEY, or neither');
});

export type Env = z.infer<typeof schema>;

/**
 * What chat-api reads from the environment.
 * @throws EnvError naming every variable that is missing or bad
 */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  if (source['NODE_ENV'] === 'production') return parseEnv(schema, source);
  const given = Object.entries(source).filter(([, value]) => value !== undefined && value !== '');
  return parseEnv(schema, { ...DEVELOPMENT_DEFAULTS, ...Object.fromEntries(given) });
}
