import { parseEnv } from '@parley/service-kit';
import { z } from 'zod';

const GUEST_PASSWORD = /^amqps?:\/\/guest:guest@/;
const count = z.coerce.number().int().min(1);

/** Defaults that fit `npm run engines` on the developer's own machine; production must name its own. */
const DEVELOPMENT = {
  MONGO_URI: 'mongodb://127.0.0.1:27117',
  RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1:5772',
  REDIS_URL: 'redis://127.0.0.1:6479',
  PUBLIC_ORIGINS: 'http://localhost:3000,http://127.0.0.1:3000',
};

const variables = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(5001),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  MONGO_URI: z.string().startsWith('mongodb').optional(),
  MONGO_DATABASE: z.string().default('parley_auth'),
  RABBITMQ_URL: z.string().startsWith('amqp').optional(),
  REDIS_URL: z.string().startsWith('redis').optional(),
  REDIS_KEY_PREFIX: z.string().default(''),
  JWT_ISSUER: z.string().default('parley'),
  JWT_AUDIENCE: z.string().default('parley'),
  /** PKCS#8 PEM of a P-256 key; `\n` may be escaped, as one-line files of variables need it. */
  JWT_PRIVATE_KEY: z
    .string()
    .transform((pem) => pem.replaceAll('\\n', '\n'))
    .optional(),
  PUBLIC_ORIGINS: z.string().optional(),
  /** Wrong passwords for one account from one address in 15 minutes. */
  LOGIN_ATTEMPTS_PER_ACCOUNT: count.default(10),
  /** Wrong passwords for one account from all addresses in 15 minutes. */
  LOGIN_ATTEMPTS_ACROSS_ADDRESSES: count.default(50),
  /** Sign-ins from one address in 15 minutes: a household or an office shares one. */
  LOGIN_ATTEMPTS_PER_IP: count.optional(),
  /** Registrations from one address in an hour. */
  REGISTRATIONS_PER_IP: count.optional(),
});

const origins = (list: string): string[] =>
  list
    .split(',')
    .map((origin) => origin.trim().replace(/\/+$/, ''))
    .filter((origin) => origin !== '');

const schema = variables
  .superRefine((env, context) => {
    if (env.NODE_ENV !== 'production') return;
    const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    for (const name of ['MONGO_URI', 'RABBITMQ_URL', 'REDIS_URL', 'JWT_PRIVATE_KEY', 'PUBLIC_ORIGINS'] as const) {
      if (env[name] === undefined) refuse(name, 'must be set in production');
    }
    if (GUEST_PASSWORD.test(env.RABBITMQ_URL ?? '')) refuse('RABBITMQ_URL', 'has the default password');
  })
  .transform((env) => {
    const isProduction = env.NODE_ENV === 'production';
    return {
      ...env,
      isProduction,
      MONGO_URI: env.MONGO_URI ?? DEVELOPMENT.MONGO_URI,
      RABBITMQ_URL: env.RABBITMQ_URL ?? DEVELOPMENT.RABBITMQ_URL,
      REDIS_URL: env.REDIS_URL ?? DEVELOPMENT.REDIS_URL,
      PUBLIC_ORIGINS: origins(env.PUBLIC_ORIGINS ?? DEVELOPMENT.PUBLIC_ORIGINS),
      // Tests and benches sign thousands of people up from one address.
      LOGIN_ATTEMPTS_PER_IP: env.LOGIN_ATTEMPTS_PER_IP ?? (isProduction ? 300 : 100_000),
      REGISTRATIONS_PER_IP: env.REGISTRATIONS_PER_IP ?? (isProduction ? 100 : 100_000),
    };
  });

export type Env = z.infer<typeof schema>;

/** @throws EnvError naming every variable that is missing or bad */
export function readEnv(source?: Record<string, string | undefined>): Env {
  return parseEnv(schema, source);
}
