import { checkS3Variables, S3_DEVELOPMENT_DEFAULTS, s3Variables } from '@parley/object-storage';
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
    /** Only `avatar/` is read. */
    ...s3Variables,
  });

const schema = (isProduction: boolean) => variables(isProduction).superRefine(checkS3Variables);

export type Env = z.infer<ReturnType<typeof schema>>;

/** @throws EnvError that names every variable that is missing or wrong */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const isProduction = source['NODE_ENV'] === 'production';
  const given = Object.entries(source).filter(([, value]) => value !== undefined && value !== '');
  const defaults = isProduction ? {} : S3_DEVELOPMENT_DEFAULTS;
  return parseEnv(schema(isProduction), { ...defaults, ...Object.fromEntries(given) });
}
