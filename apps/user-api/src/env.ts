import { isCloudFrontKey } from '@parley/object-storage';
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

const CLOUDFRONT = ['CLOUDFRONT_DOMAIN', 'CLOUDFRONT_KEY_PAIR_ID', 'CLOUDFRONT_PRIVATE_KEY'] as const;

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
  });

const schema = (isProduction: boolean) =>
  variables(isProduction).superRefine((env, context) => {
    const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    const missing = CLOUDFRONT.filter((name) => env[name] === undefined);
    if (missing.length < CLOUDFRONT.length)
      for (const name of missing) refuse(name, `is set together with ${CLOUDFRONT.join(', ')}, or none of them`);
    if (!isProduction) return;
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
    ...cloudFront(env),
  };
}

/** All three are there or none: the schema sees to it. */
function cloudFront(env: Env) {
  const { CLOUDFRONT_DOMAIN: domain, CLOUDFRONT_KEY_PAIR_ID: keyPairId, CLOUDFRONT_PRIVATE_KEY: privateKey } = env;
  if (domain === undefined || keyPairId === undefined || privateKey === undefined) return {};
  return { cloudFront: { domain, keyPairId, privateKey } };
}
