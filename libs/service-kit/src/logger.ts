import { pino, stdTimeFunctions, type Logger } from 'pino';

export type { Logger };

const SECRETS = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  'password',
  'current',
  'next',
  'passwordHash',
  'token',
  'accessToken',
  'refreshToken',
  'privateKeyPem',
];

/** Each secret at the top of a record, in an object of it, and in the headers or body of a request in it. */
const REDACTED = SECRETS.flatMap((name) => {
  const key = name.startsWith('[') ? name : `.${name}`;
  return [key.replace(/^\./, ''), `*${key}`, `*.*${key}`];
});

/**
 * A logger that writes one JSON object a line to stdout, with `service`, an ISO time, and no secret in it.
 *
 * @param o.level pino level (default `info`)
 * @param o.pretty human-readable lines by `pino-pretty`, which is installed for development only
 */
export function createLogger(o: { service: string; level?: string; pretty?: boolean }): Logger {
  return pino({
    level: o.level ?? 'info',
    base: { service: o.service },
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: REDACTED, censor: '[redacted]' },
    formatters: { level: (label) => ({ level: label }) },
    ...(o.pretty ? { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } } : {}),
  });
}
