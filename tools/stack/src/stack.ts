import { APPS, appEnv, appProgram, instancesOf, pairedChatApi, stackUrls } from './apps.ts';
import type { AppName, AppSource, Instance, InstanceUrls, StackUrls } from './apps.ts';
import type { Engine, EngineName } from './engines/engine.ts';
import { bringUpEngines } from './engines/find-engines.ts';
import { readStackEnv, type StackEnv } from './env.ts';
import type { StackListener } from './events.ts';
import { takeFolder } from './take-folder.ts';
import { endLeftovers, recordProcesses } from './leftovers.ts';
import { reserveInstances } from './reserve-instances.ts';
import { signalGroup } from './signal-group.ts';
import { StackError } from './stack-error.ts';
import { supervise } from './supervised.ts';
import type { ProgramSpec, Supervised } from './supervised.ts';

export type StackOptions = {
  /** Absolute path of the folder that keeps data, logs and notes; one stack at a time works in it. */
  dataDir: string;
  /** Preferred ports; a busy one is replaced. Without an entry any free port is taken. */
  ports?: Partial<Record<AppName | EngineName, number>>;
  /** Engines that run already, in place of what the environment says: undefined for one of its own. */
  engines?: Partial<
    Pick<StackEnv, 'mongoUri' | 'rabbitUrl' | 'rabbitManagementUrl' | 'redisUrl' | 's3Endpoint' | 's3Bucket'>
  >;
  /** Apps to start at once (default: all). More can follow by `startApps`. */
  apps?: readonly AppName[];
  /** How many processes of an app run side by side (default 1): `chat-api`, `chat-api-2` and so on. */
  instances?: Partial<Record<AppName, number>>;
  source?: AppSource;
  /** What apps get as NODE_ENV. */
  nodeEnv?: 'development' | 'test' | 'production';
  /** More environment for the apps. */
  env?: Record<string, string>;
  /** The environment of one process, asked for when all addresses are known; what it gives goes before `env`. */
  envOf?: (program: string, env: Record<string, string>, at: Record<string, InstanceUrls>) => Record<string, string>;
  /** Builds the apps while engines come up; embedded engines then run from their bundles. */
  build?: () => Promise<void>;
  docker?: boolean;
  /** RabbitMQ with its management API, which tests need. */
  withManagement?: boolean;
  /** RabbitMQ and S3 with the logins that services started by hand (`nx serve`) use by default. */
  defaultLogins?: boolean;
  listen?: StackListener;
  /** Gives up while it comes up. A stack that is up is ended by `stop`. */
  signal?: AbortSignal;
};

export type Stack = {
  urls: StackUrls;
  /** What the apps get, engines' URLs among it. */
  env: Record<string, string>;
  /** Every process of an app by its name, whether it runs or not. */
  instances: Record<string, InstanceUrls>;
  rabbitManagementUrl: string | undefined;
  /** Settles when all that was asked for answers; rejects when something fails for good. */
  ready: Promise<void>;
  pids(): Record<string, number>;
  /** Starts more apps, all their instances, and waits until they are ready. */
  startApps(names: readonly AppName[]): Promise<void>;
  /** Starts one program that was stopped, and waits until it is ready. */
  start(name: string): Promise<void>;
  restart(name: string): Promise<void>;
  /** Sends a signal. What dies of it is started again after a moment, unless it has to stay down. */
  kill(name: string, signal: NodeJS.Signals, o?: { stayDown?: boolean }): Promise<void>;
  /** Ends one program, or, without a name, all: apps first, then engines. */
  stop(name?: string): Promise<void>;
};

/**
 * Starts engines and apps. Engines are found and started first; apps follow as soon as they are built and the engines'
 * addresses are known, without waiting for the engines: they connect by themselves.
 *
 * @returns once all addresses are known; `ready` tells the rest
 * @throws StackError with one clear sentence when the folder is in use or an engine cannot be had
 */
export async function startStack(o: StackOptions): Promise<Stack> {
  const listen = o.listen ?? (() => undefined);
  const unlock = takeFolder(o.dataDir);
  const programs = new Map<string, Supervised>();
  let stopDocker: (() => Promise<void>) | undefined;
  let isStopping = false;

  const run = (spec: ProgramSpec): Supervised => {
    const onProcess = () => recordProcesses(o.dataDir, Object.values(pids()));
    const supervised = supervise(spec, { dataDir: o.dataDir, listen, onProcess });
    const ending = () => Promise.reject(new StackError('the stack is ending'));
    const program = { ...supervised, start: () => (isStopping ? ending() : supervised.start()) };
    programs.set(spec.name, program);
    return program;
  };
  const pids = (): Record<string, number> => {
    const running: Record<string, number> = {};
    for (const { name, pid } of programs.values()) {
      const id = pid();
      if (id !== undefined) running[name] = id;
    }
    return running;
  };
  const named = (name: string): Supervised => {
    const program = programs.get(name);
    if (!program) throw new StackError(`this stack runs no ${name}; it runs ${[...programs.keys()].join(', ')}`);
    return program;
  };
  const stopAll = async (): Promise<void> => {
    isStopping = true;
    const of = (group: string) => [...programs.values()].filter((program) => program.group === group);
    await Promise.all(of('app').map((program) => program.stop()));
    await Promise.all(of('engine').map((program) => (program.name === 'epmd' ? undefined : program.stop())));
    await Promise.all([programs.get('epmd')?.stop(), stopDocker?.()]);
    await endLeftovers(o.dataDir);
    process.off('exit', killAll);
    unlock();
  };
  // However this process ends, as long as it can still do something: nothing of ours outlives it.
  const killAll = (): void => Object.values(pids()).forEach((pid) => signalGroup(pid, 'SIGKILL'));
  process.on('exit', killAll);

  try {
    const ended = await endLeftovers(o.dataDir);
    if (ended > 0) listen({ type: 'note', text: `${ended} processes that an earlier run left behind were ended` });
    const built = o.build?.();
    built?.catch(() => undefined); // told by `found` or by `ready`
    const stackEnv = { ...readStackEnv(), ...o.engines };
    const { found, ready } = bringUpEngines(
      {
        dataDir: o.dataDir,
        env: stackEnv,
        listen,
        port: (name) => o.ports?.[name],
        withManagement: o.withManagement ?? false,
        defaultLogins: o.defaultLogins ?? false,
        bundled: built,
      },
      { docker: o.docker ?? false, run, onDocker: (stop) => (stopDocker = stop) },
    );
    ready.catch(() => undefined); // told by `found` or by the stack's own `ready`
    const asked = o.apps ?? APPS;
    for (const { name } of instancesOf(asked, o.instances))
      listen({ type: 'state', group: 'app', name, state: 'waiting' });

    const reserved = await reserveInstances(instancesOf(APPS, o.instances), o.ports);
    const ports = Object.fromEntries(APPS.map((name) => [name, reserved.get(name).serving.port])) as Record<
      AppName,
      number
    >;
    const engines = await Promise.race([found, untilAborted(o.signal)]);
    const env = { ...appEnv({ nodeEnv: o.nodeEnv ?? 'development', engines, ports, env: stackEnv }), ...o.env };
    const envOf = (instance: Instance): Record<string, string> => ({
      ...env,
      ...pairedChatApi(instance, (name) => reserved.urls[name]?.url ?? env['CHAT_API_URL'] ?? '', o.instances),
      ...o.envOf?.(instance.name, env, reserved.urls),
    });
    const startApps = async (names: readonly AppName[]): Promise<void> => {
      await Promise.all(
        instancesOf(names, o.instances).map((instance) => {
          const { serving: reservation, health } = reserved.get(instance.name);
          const source = o.source ?? 'built';
          return run(appProgram({ instance, source, reservation, health, env: envOf(instance) })).start();
        }),
      );
    };
    const all = Promise.all([ready, Promise.resolve(built).then(() => startApps(asked))]).then(() => undefined);
    all.catch(() => undefined); // whoever awaits `ready` hears it

    return {
      urls: stackUrls(ports),
      env,
      instances: reserved.urls,
      rabbitManagementUrl: engines.find((engine: Engine) => engine.name === 'rabbitmq')?.managementUrl,
      ready: all,
      pids,
      startApps,
      start: (name) => named(name).start(),
      restart: async (name) => {
        await named(name).stop();
        await named(name).start();
      },
      kill: (name, signal, how) => named(name).kill(signal, how),
      stop: (name) => (name === undefined ? stopAll() : named(name).stop()),
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

/** Never settles but by rejecting, when the signal says so. */
function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const giveUp = () => reject(new StackError('The stack was ended while it came up.'));
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}
