import { generateKeyPairSync } from 'node:crypto';
import { startStack, type InstanceUrls, type Stack } from '@parley/stack';
import { createLink, type Interceptor, type Link } from '../net/link.ts';
import { createPushTamper, type PushMode } from '../net/push-tamper.ts';
import { watchDeaths, type Death } from './watch-deaths.ts';

const APPS = ['auth-api', 'user-api', 'chat-api', 'realtime-gateway'] as const;
const INSTANCES = { 'auth-api': 2, 'user-api': 2, 'chat-api': 2, 'realtime-gateway': 2 } as const;
const PROGRAMS = APPS.flatMap((app) => [app, `${app}-2`]);
const GATEWAYS = ['realtime-gateway', 'realtime-gateway-2'];
const ENGINES = { mongodb: 'MONGO_URI', rabbitmq: 'RABBITMQ_URL', redis: 'REDIS_URL' } as const;
/** Where others find each service: all its instances behind one address. */
const SERVICES = { 'auth-api': 'AUTH_API_URL', 'user-api': 'USER_API_URL', 'chat-api': 'CHAT_API_URL' } as const;

type EngineName = keyof typeof ENGINES;
const ENGINE_NAMES = Object.keys(ENGINES) as EngineName[];
type ServiceName = keyof typeof SERVICES;

/** The services that a program asks over HTTP: all but auth-api want its keys. */
const asksOf = (program: string): ServiceName[] => {
  if (program.startsWith('auth-api')) return [];
  if (program.startsWith('user-api')) return ['auth-api', 'chat-api'];
  return program.startsWith('chat-api') ? ['auth-api', 'user-api'] : ['auth-api', 'user-api', 'chat-api'];
};

/** All clients come from one address, and each acts as fast as it is told to. */
const WITHOUT_LIMITS = {
  REGISTRATIONS_PER_IP: '1000000',
  LOGIN_ATTEMPTS_PER_IP: '1000000',
  SEND_RATE_PER_SECOND: '0',
  SOCKET_EVENTS_PER_SECOND: '1000000',
  SOCKET_EVENTS_BURST: '1000000',
};

/** A whole Parley with two instances of each program, and something that can be broken on every way between its parts. */
export type World = {
  stack: Stack;
  /** The public entries that clients use, one for each gateway. */
  entries: readonly string[];
  /** Straight to an engine, past everything that can be broken. */
  mongoUri: string;
  rabbitUrl: string;
  programs: readonly string[];
  /** Programs that can be killed, those of one kind together. */
  groups: readonly (readonly string[])[];
  links: readonly string[];
  entryLinks: readonly string[];
  link(name: string): Link;
  tamperPushes(entryLink: string, mode: PushMode): void;
  /** Programs that ended though nobody ended them. */
  deaths(): readonly Death[];
  stop(): Promise<void>;
};

/**
 * Starts the world; it is ready when this returns.
 * @param o.intercept stands in the middle of a service's link to an engine; for tests that sabotage
 */
export async function startWorld(o: {
  dataDir: string;
  build?: () => Promise<void>;
  signal?: AbortSignal;
  intercept?: (link: string) => Interceptor | undefined;
  say?: (text: string) => void;
}): Promise<World> {
  const links = new Map<string, Link>();
  const pushModes = new Map<string, PushMode>();
  let at: Record<string, InstanceUrls> = {};
  let env: Record<string, string> = {};
  const portsOf = (names: readonly string[]) => names.map((name) => Number(new URL(at[name]?.url ?? '').port));
  const add = async (name: string, targets: () => readonly number[], intercept?: Interceptor): Promise<void> => {
    links.set(name, await createLink({ name, targets, ...(intercept ? { intercept } : {}) }));
  };

  for (const program of PROGRAMS) {
    for (const engine of ENGINE_NAMES) {
      if (engine === 'mongodb' && GATEWAYS.includes(program)) continue;
      const name = `${program}>${engine}`;
      await add(name, () => [Number(new URL(env[ENGINES[engine]] ?? '').port)], o.intercept?.(name));
    }
  }
  for (const program of PROGRAMS) {
    for (const service of asksOf(program)) {
      await add(`${program}>${service}`, () => portsOf(PROGRAMS.filter((name) => name.startsWith(service))));
    }
  }
  for (const gateway of GATEWAYS) {
    const entry = `clients>${gateway}`;
    await add(
      entry,
      () => portsOf([gateway]),
      createPushTamper(() => pushModes.get(entry) ?? 'pass'),
    );
  }
  const link = (name: string): Link => {
    const found = links.get(name);
    if (!found) throw new Error(`there is no link ${name}`);
    return found;
  };

  const deaths = watchDeaths();
  const stack = await startStack({
    dataDir: o.dataDir,
    nodeEnv: 'test',
    apps: APPS,
    instances: INSTANCES,
    engines: { mongoUri: undefined, rabbitUrl: undefined, redisUrl: undefined },
    env: { ...WITHOUT_LIMITS, JWT_PRIVATE_KEY: freshKey(), LOG_LEVEL: 'warn' },
    envOf: (program, shared, instances) => {
      [at, env] = [instances, shared];
      return throughLinks(program, shared, link);
    },
    listen: (event) => {
      deaths.listen(event);
      if (event.type === 'note') o.say?.(event.text);
    },
    ...(o.build ? { build: o.build } : {}),
    ...(o.signal ? { signal: o.signal } : {}),
  });
  const stop = async (): Promise<void> => {
    for (const one of links.values()) one.restore();
    await stack.stop();
    await Promise.all([...links.values()].map((one) => one.close()));
  };
  try {
    await stack.ready;
  } catch (error) {
    await stop();
    throw error;
  }

  const entryLinks = GATEWAYS.map((gateway) => `clients>${gateway}`);
  return {
    stack,
    entries: entryLinks.map((name) => `http://127.0.0.1:${link(name).port}`),
    mongoUri: stack.env['MONGO_URI'] ?? '',
    rabbitUrl: stack.env['RABBITMQ_URL'] ?? '',
    programs: PROGRAMS,
    groups: [...APPS, ...ENGINE_NAMES].map((kind) => {
      const instances = PROGRAMS.filter((name) => name.startsWith(kind));
      return instances.length > 0 ? instances : [kind];
    }),
    links: [...links.keys()],
    entryLinks,
    link,
    tamperPushes: (entryLink, mode) => void pushModes.set(entryLink, mode),
    deaths: deaths.all,
    stop,
  };
}

function throughLinks(
  program: string,
  shared: Record<string, string>,
  link: (name: string) => Link,
): Record<string, string> {
  const through = (name: string, url: string | undefined): string => {
    const changed = new URL(url ?? '');
    changed.hostname = '127.0.0.1';
    changed.port = String(link(name).port);
    return changed.href.replace(/\/$/, '');
  };
  const isGateway = GATEWAYS.includes(program);
  const engines = Object.entries(ENGINES).filter(([engine]) => !(isGateway && engine === 'mongodb'));
  const services = asksOf(program).map((service) => [service, SERVICES[service]] as const);
  const keys = services.length > 0 ? [['auth-api', 'JWKS_URL'] as const] : [];
  return Object.fromEntries(
    [...engines, ...services, ...keys].map(([other, variable]) => [
      variable,
      through(`${program}>${other}`, shared[variable]),
    ]),
  );
}

/** One key for the whole run, so that tokens live through the end of auth-api. */
function freshKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
