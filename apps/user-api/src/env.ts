import { parseEnv } from '@parley/service-kit';
import { z } from 'zod';

/** In production an address has to be given: what is right for a developer's machine may be somebody else's there. */
const address = (isProduction: boolean, developer: string) => (isProduction ? z.url() : z.url().default(developer));

/** It may name several hosts, which no URL does. */
const mongoUri = z.string().regex(/^mongodb(\+srv)?:\/\/./, 'must be a MongoDB connection string');

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** RabbitMQ's own default account is known to everybody; it is for the machine itself only. */
const isNoDefaultAccount = (url: string): boolean => {
  const { username, hostname } = new URL(url);
  return username !== 'guest' || LOOPBACK.has(hostname);
};

/** Known to everybody, as they stand here. */
const DEVELOPMENT_SECRET = 'parley-development';

const variables = (isProduction: boolean) =>
  z.object({
    NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
    HOST: z.string().min(1).default('127.0.0.1'),
    PORT: z.coerce.number().int().min(0).max(65_535).default(5_002),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    MONGO_URI: isProduction ? mongoUri : mongoUri.default('mongodb://127.0.0.1:27117'),
    MONGO_DATABASE: z.string().min(1).default('parley_user'),
    RABBITMQ_URL: address(isProduction, 'amqp://guest:guest@127.0.0.1:5772').refine(
      (url) => !isProduction || isNoDefaultAccount(url),
      'must not be the default account in production',
    ),
    REDIS_URL: address(isProduction, 'redis://127.0.0.1:6479'),
    REDIS_KEY_PREFIX: z.string().default(''),
    JWKS_URL: address(isProduction, 'http://127.0.0.1:5001/.well-known/jwks.json'),
    JWT_ISSUER: z.string().min(1).default('parley'),
    JWT_AUDIENCE: z.string().min(1).default('parley'),
    AUTH_API_URL: address(isProduction, 'http://127.0.0.1:5001'),
    CHAT_API_URL: address(isProduction, 'http://127.0.0.1:5003'),
    S3_BUCKET_NAME: isProduction ? z.string().min(1) : z.string().min(1).default('parley'),
    S3_REGION: isProduction ? z.string().min(1) : z.string().min(1).default('us-east-1'),
    /** Outside AWS. */
    S3_ENDPOINT: isProduction ? z.url().optional() : z.url().default('http://127.0.0.1:9200'),
    /** Where browsers reach it, when that is another address than ours. */
    S3_PUBLIC_ENDPOINT: z.url().optional(),
    /** Without these the SDK finds the role of the machine. Reading `avatar/` is all that is needed. */
    S3_ACCESS_KEY: isProduction ? z.string().min(1).optional() : z.string().min(1).default('parley'),
    S3_SECRET_KEY: isProduction ? z.string().min(1).optional() : z.string().min(1).default(DEVELOPMENT_SECRET),
  });

const schema = (isProduction: boolean) =>
  variables(isProduction).superRefine((env, context) => {
    if (!isProduction) return;
    const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    if (env.S3_SECRET_KEY === DEVELOPMENT_SECRET) refuse('S3_SECRET_KEY', 'has the default value');
    if ((env.S3_ACCESS_KEY === undefined) !== (env.S3_SECRET_KEY === undefined))
      refuse('S3_ACCESS_KEY', 'is set together with S3_SECRET_KEY, or neither');
  });

export type Env = z.infer<ReturnType<typeof schema>>;

/** @throws EnvError that names every variable that is missing or wrong */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const given = Object.entries(source).filter(([, value]) => value !== '');
  return parseEnv(schema(source['NODE_ENV'] === 'production'), Object.fromEntries(given));
}

/** The bucket, as `createObjectStorage` takes it. */
export function s3Options(env: Env) {
  return {
    bucket: env.S3_BUCKET_NAME,
    region: env.S3_REGION,
    ...(env.S3_ENDPOINT === undefined ? {} : { endpoint: env.S3_ENDPOINT }),
    ...(env.S3_PUBLIC_ENDPOINT === undefined ? {} : { publicEndpoint: env.S3_PUBLIC_ENDPOINT }),
    ...(env.S3_ACCESS_KEY === undefined ? {} : { accessKey: env.S3_ACCESS_KEY }),
    ...(env.S3_SECRET_KEY === undefined ? {} : { secretKey: env.S3_SECRET_KEY }),
  };
}
