import { join } from 'node:path';
import type { Engine, EngineName } from './engines/engine.ts';
import { portNote } from './engines/port-note.ts';
import type { StackEnv } from './env.ts';
import { ROOT } from './paths.ts';
import type { PortReservation } from './ports.ts';
import { answersHttp } from './probe.ts';
import type { ProgramSpec } from './supervised.ts';

export type AppName = 'auth-api' | 'user-api' | 'chat-api' | 'realtime-gateway' | 'web';

export const APPS: readonly AppName[] = ['auth-api', 'user-api', 'chat-api', 'realtime-gateway', 'web'];

export const APP_PORTS: Record<AppName, number> = {
  'auth-api': 5001,
  'user-api': 5002,
  'chat-api': 5003,
  'realtime-gateway': 5000,
  web: 3000,
};

/** What `appEnv` tells of the engines: what a spec or a service started by hand needs to find them. */
export const ENGINE_VARIABLES = [
  'MONGO_URI',
  'RABBITMQ_URL',
  'REDIS_URL',
  'S3_ENDPOINT',
  'S3_BUCKET_NAME',
  'S3_REGION',
  'S3_ACCESS_KEY',
  'S3_SECRET_KEY',
] as const;

/** Where the gateway tells its health, beside its public port. */
export const GATEWAY_HEALTH_PORT = 5010;

/** One of the processes that run an app: `chat-api` is the first, then `chat-api-2`, `chat-api-3` and so on. */
export type Instance = { app: AppName; name: string; index: number };

/** Where an instance serves, and where it tells its health and metrics. */
export type InstanceUrls = { url: string; health: string };

/** @param counts how many processes of an app there are; one without an entry */
export function instancesOf(apps: readonly AppName[], counts: Partial<Record<AppName, number>> = {}): Instance[] {
  return apps.flatMap((app) =>
    Array.from({ length: counts[app] ?? 1 }, (_, index) => ({
      app,
      name: index === 0 ? app : `${app}-${index + 1}`,
      index,
    })),
  );
}

/** How apps run: what was built, or their sources, reloaded on every change. */
export type AppSource = 'built' | 'watched';

/** The URLs of a stack. `api` and `socket` are the public entry, `web` the page; the others are internal. */
export type StackUrls = Record<'api' | 'socket' | 'web' | 'auth' | 'user' | 'chat', string>;

export function stackUrls(ports: Record<AppName, number>): StackUrls {
  const entry = `http://localhost:${ports['realtime-gateway']}`;
  return {
    api: entry,
    socket: entry,
    web: `http://localhost:${ports.web}`,
    auth: `http://127.0.0.1:${ports['auth-api']}`,
    user: `http://127.0.0.1:${ports['user-api']}`,
    chat: `http://127.0.0.1:${ports['chat-api']}`,
  };
}

/** The environment that all apps share. In production what the person has set is kept. */
export function appEnv(o: {
  nodeEnv: string;
  engines: readonly Engine[];
  ports: Record<AppName, number>;
  env: StackEnv;
}): Record<string, string> {
  const urls = stackUrls(o.ports);
  const engine = (name: EngineName) => o.engines.find((one) => one.name === name)?.url ?? '';
  const own = o.env.isProduction ? o.env : undefined;
  const s3 = o.engines.find(({ name }) => name === 's3');
  return {
    NODE_ENV: o.nodeEnv,
    HOST: '127.0.0.1',
    HOSTNAME: '127.0.0.1',
    LOG_LEVEL: o.env.logLevel ?? (o.nodeEnv === 'production' ? 'warn' : 'info'),
    MONGO_URI: engine('mongodb'),
    RABBITMQ_URL: engine('rabbitmq'),
    REDIS_URL: engine('redis'),
    ...s3Env(s3),
    JWKS_URL: `${urls.auth}/.well-known/jwks.json`,
    AUTH_API_URL: urls.auth,
    USER_API_URL: urls.user,
    CHAT_API_URL: urls.chat,
    PUBLIC_ORIGINS: own?.publicOrigins ?? `${urls.web},http://127.0.0.1:${o.ports.web}`,
    NEXT_PUBLIC_API_URL: own?.publicApiUrl ?? urls.api,
    NEXT_PUBLIC_SOCKET_URL: own?.publicSocketUrl ?? urls.socket,
    NEXT_PUBLIC_PICTURE_ORIGINS: own?.publicPictureOrigins ?? pictureOrigin(s3),
  };
}

/** Without an endpoint the SDK speaks to Amazon's. */
const s3Env = (s3: Engine | undefined): Record<string, string> => ({
  ...(s3?.url ? { S3_ENDPOINT: s3.url } : {}),
  ...s3?.env,
});

/** Where browsers find the bucket: path-style at an endpoint, at Amazon under the bucket's own name. */
const pictureOrigin = (s3: Engine | undefined): string =>
  s3?.url
    ? new URL(s3.url).origin
    : `https://${s3?.env?.['S3_BUCKET_NAME'] ?? 'parley'}.s3.${s3?.env?.['S3_REGION'] ?? 'us-east-1'}.amazonaws.com`;

/** The address of the chat-api to which a gateway passes HTTP: gateways and chat-apis stand in pairs. */
export function pairedChatApi(
  instance: Instance,
  urlOf: (name: string) => string,
  counts: Partial<Record<AppName, number>> = {},
): Record<string, string> {
  const chats = instancesOf(['chat-api'], counts);
  const chat = chats[instance.index % chats.length];
  return instance.index === 0 || chat === undefined ? {} : { CHAT_API_URL: urlOf(chat.name) };
}

export function appProgram(o: {
  instance: Instance;
  source: AppSource;
  reservation: PortReservation;
  /** Where the gateway tells its health, which its public port must not show. */
  health: PortReservation;
  env: Record<string, string>;
}): ProgramSpec {
  const { reservation } = o;
  const { app, name } = o.instance;
  const isGateway = app === 'realtime-gateway';
  const folder = join(ROOT, 'apps', app);
  const at = `http://127.0.0.1:${reservation.port}`;
  const watched = o.source === 'watched';
  return {
    name,
    group: 'app',
    command: process.execPath,
    args: app === 'web' ? webArgs(folder, watched, reservation.port) : serviceArgs(app, folder, watched),
    env: {
      ...o.env,
      PORT: String(reservation.port),
      ...(isGateway ? { HEALTH_HOST: '127.0.0.1', HEALTH_PORT: String(o.health.port) } : {}),
    },
    cwd: watched && app === 'web' ? folder : ROOT,
    detail: `${app === 'web' ? stackHost(reservation.port) : at}${portNote(reservation)}`,
    prepare: async () => {
      await Promise.all([reservation.release(), isGateway ? o.health.release() : undefined]);
    },
    isReady: () =>
      app === 'web'
        ? answersHttp(`${at}/`, (status) => status < 500)
        : answersHttp(
            `${isGateway ? `http://127.0.0.1:${o.health.port}` : at}/health/ready`,
            (status) => status === 200,
          ),
    // Next takes seconds to end by itself and keeps nothing.
    graceMs: app === 'web' ? 1500 : 3500,
    readyMs: 120_000,
  };
}

const stackHost = (port: number): string => `http://localhost:${port}`;

/**
 * What a message needs lives a few hundred milliseconds, longer than V8's own 16 MiB take to fill under load: it would be copied about, and
 * collecting was an eighth of a service's processor time. The gateway gets less: what its young generation has once taken counts for each of its
 * idle connections (`npm run bench -- --idle 5000`: 40 KB with 64 MiB, 29 KB with 32). The same stands in the services' Dockerfiles.
 */
const youngGeneration = (app: AppName): string => `--max-semi-space-size=${app === 'realtime-gateway' ? 32 : 64}`;

const serviceArgs = (app: AppName, folder: string, watched: boolean): string[] =>
  watched
    ? [
        join(ROOT, 'node_modules/tsx/dist/cli.mjs'),
        'watch',
        '--clear-screen=false',
        '--conditions=@parley/source',
        join(folder, 'src/main.ts'),
      ]
    : [youngGeneration(app), '--enable-source-maps', join(folder, 'dist/main.js')];

const webArgs = (folder: string, watched: boolean, port: number): string[] =>
  watched
    ? [join(ROOT, 'node_modules/next/dist/bin/next'), 'dev', '--hostname', '127.0.0.1', '--port', String(port)]
    : [join(standalone(folder), 'server.js')];

/** The standalone output repeats the path from the workspace's root. */
const standalone = (folder: string): string => join(folder, '.next/standalone/apps/web');
