import { parseEnv } from '@parley/service-kit';
import { z } from 'zod';

const url = (scheme: RegExp) => z.url({ protocol: scheme });
const http = url(/^https?$/);
const port = z.coerce.number().int().min(0).max(65_535);

/** `a,b` as the origins that browsers send: scheme, host and port, nothing else. */
const origins = z
  .string()
  .transform((list) => list.split(',').map((origin) => origin.trim().replace(/\/$/, '')))
  .pipe(
    z.array(z.string().refine(isOrigin, 'must be origins such as https://chat.example, separated by commas')).min(1),
  );

const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(5000),
  /** The gateway's own health and metrics, which the public entry must not show. */
  HEALTH_HOST: z.string().default('127.0.0.1'),
  HEALTH_PORT: port.default(5010),
  LOG_LEVEL: z.string().default('info'),
  RABBITMQ_URL: url(/^amqps?$/).default('amqp://guest:guest@127.0.0.1:5772'),
  REDIS_URL: url(/^rediss?$/).default('redis://127.0.0.1:6479'),
  REDIS_KEY_PREFIX: z.string().default(''),
  JWKS_URL: http.default('http://127.0.0.1:5001/.well-known/jwks.json'),
  JWT_ISSUER: z.string().default('parley'),
  JWT_AUDIENCE: z.string().default('parley'),
  PUBLIC_ORIGINS: origins.default(['http://localhost:3000', 'http://127.0.0.1:3000']),
  AUTH_API_URL: http.default('http://127.0.0.1:5001'),
  USER_API_URL: http.default('http://127.0.0.1:5002'),
  CHAT_API_URL: http.default('http://127.0.0.1:5003'),
  /** How many proxies of one's own (a load balancer) stand before the gateway and add to X-Forwarded-For. */
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(5).default(0),
  /** What one socket may send a second, and how much of it at once. */
  SOCKET_EVENTS_PER_SECOND: z.coerce.number().int().min(1).default(100),
  SOCKET_EVENTS_BURST: z.coerce.number().int().min(1).default(200),
});

export type Env = z.infer<typeof schema>;

/** What production must be told, because the default is that of one developer's machine. */
const REQUIRED_IN_PRODUCTION = [
  'RABBITMQ_URL',
  'REDIS_URL',
  'JWKS_URL',
  'PUBLIC_ORIGINS',
  'AUTH_API_URL',
  'USER_API_URL',
  'CHAT_API_URL',
] as const;

/**
 * The gateway's environment.
 * @throws EnvError naming each variable that is missing or wrong; in production the addresses have no defaults
 */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  return parseEnv(source['NODE_ENV'] === 'production' ? production : schema, source);
}

const production = z.any().superRefine(requireAddresses).pipe(schema);

function requireAddresses(given: Record<string, string | undefined>, context: z.RefinementCtx): void {
  for (const name of REQUIRED_IN_PRODUCTION) {
    if (!given[name]) context.addIssue({ code: 'custom', path: [name], message: 'is required in production' });
  }
  if (hasDefaultPassword(given['RABBITMQ_URL'])) {
    context.addIssue({ code: 'custom', path: ['RABBITMQ_URL'], message: 'must not use the default password guest' });
  }
}

/** RabbitMQ lets guest in from its own machine only, where a trial of production mode may use it. */
function hasDefaultPassword(text: string | undefined): boolean {
  if (!text || !URL.canParse(text)) return false;
  const { password, hostname } = new URL(text);
  return password === 'guest' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}
