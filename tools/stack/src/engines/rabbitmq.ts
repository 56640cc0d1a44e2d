import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, findRabbit } from '../../system-packages.mjs';
import { reservePort } from '../ports.ts';
import type { PortReservation } from '../ports.ts';
import { answersHttp, answersTcp } from '../probe.ts';
import { StackError } from '../stack-error.ts';
import type { ProgramSpec } from '../supervised.ts';
import type { Engine, EngineContext } from './engine.ts';
import { givenEngine } from './given.ts';
import { installedProgram } from './installed.ts';
import { ownPassword } from './own-password.ts';
import { portNote } from './port-note.ts';

type Ports = Record<'amqp' | 'dist' | 'epmd', PortReservation> & { management: PortReservation | undefined };

type Login = { user: string; password: string };

/** RabbitMQ's own default, which the services' defaults name and which it takes on loopback only. */
const GUEST: Login = { user: 'guest', password: 'guest' };

export async function findRabbitMq(context: EngineContext): Promise<Engine> {
  const given = await givenEngine('rabbitmq', 'RABBITMQ_URL', context.env.rabbitUrl, context);
  if (given) {
    const managementUrl = context.env.rabbitManagementUrl;
    return { ...given, ...(managementUrl === undefined ? {} : { managementUrl }) };
  }
  const need = { name: 'rabbitmq', variable: 'RABBITMQ_URL', aptPackage: 'rabbitmq-server' } as const;
  const { command, origin } = await installedProgram({ ...need, find: findRabbit }, context);
  const [amqp, dist, epmd, management] = await Promise.all([
    reservePort(context.port('rabbitmq')),
    reservePort(),
    reservePort(),
    context.withManagement ? reservePort(15_772) : undefined,
  ]);
  const ports = { amqp, dist, epmd, management };
  // The broker keeps its user in its data, so each login has data of its own.
  const folder = join(context.dataDir, context.defaultLogins ? 'rabbitmq-guest' : 'rabbitmq');
  mkdirSync(folder, { recursive: true });
  const login = context.defaultLogins ? GUEST : { user: 'parley', password: ownPassword(folder) };
  const detail = `${origin}, 127.0.0.1:${amqp.port}${portNote(amqp)}`;
  return {
    name: 'rabbitmq',
    url: `amqp://${login.user}:${login.password}@127.0.0.1:${amqp.port}`,
    ...(management ? { managementUrl: `http://127.0.0.1:${management.port}` } : {}),
    detail,
    programs: [epmdProgram(folder, epmd, command), brokerProgram({ command, folder, ports, login, detail })],
  };
}

function brokerProgram(o: {
  command: string;
  folder: string;
  ports: Ports;
  login: Login;
  detail: string;
}): ProgramSpec {
  const { amqp, dist, epmd, management } = o.ports;
  writeConfig(o.folder, o.ports, o.login);
  return {
    name: 'rabbitmq',
    group: 'engine',
    command: o.command,
    args: [],
    env: {
      HOME: o.folder, // the Erlang cookie lies there
      RABBITMQ_NODENAME: `parley-${createHash('sha256').update(o.folder).digest('hex').slice(0, 8)}@localhost`,
      RABBITMQ_CONFIG_FILE: join(o.folder, 'rabbitmq.conf'),
      RABBITMQ_MNESIA_BASE: join(o.folder, 'mnesia'),
      RABBITMQ_LOG_BASE: join(o.folder, 'log'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(o.folder, 'enabled_plugins'),
      RABBITMQ_PID_FILE: join(o.folder, 'pid'),
      RABBITMQ_DIST_PORT: String(dist.port),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_EPMD_PORT: String(epmd.port),
      ERL_CRASH_DUMP_SECONDS: '0',
      // The start script then becomes the broker itself, so that a signal to our child reaches the broker.
      RUNNING_UNDER_SYSTEMD: 'true',
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
        '+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}',
    },
    cwd: o.folder,
    detail: o.detail,
    prepare: async () => {
      await Promise.all([amqp.release(), dist.release(), management?.release()]);
    },
    isReady: async () => {
      if (management && !(await answersHttp(`http://127.0.0.1:${management.port}/`, (status) => status < 500)))
        return false;
      return answersTcp({ host: '127.0.0.1', port: amqp.port, say: 'AMQP\0\0\x09\x01', expect: '\x01' });
    },
  };
}

/** Erlang's port mapper as a child of ours: the broker would leave one behind that runs for ever. */
function epmdProgram(folder: string, epmd: PortReservation, broker: string): ProgramSpec {
  const command = findProgram('epmd');
  if (command === undefined)
    throw new StackError(`rabbitmq is installed (${broker}) but Erlang's epmd is not: install Erlang.`);
  return {
    name: 'epmd',
    group: 'engine',
    command,
    args: ['-port', String(epmd.port), '-address', '127.0.0.1'],
    env: {},
    cwd: folder,
    detail: `127.0.0.1:${epmd.port}`,
    prepare: epmd.release,
    isReady: () => answersTcp({ host: '127.0.0.1', port: epmd.port }),
  };
}

function writeConfig(folder: string, { amqp, management }: Ports, { user, password }: Login): void {
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${amqp.port}`,
    `default_user = ${user}`,
    `default_pass = ${password}`,
    'default_user_tags.administrator = true',
    'vm_memory_high_watermark.absolute = 512MiB',
    'disk_free_limit.absolute = 50MB',
    'log.console = true',
    'log.console.level = warning',
    'log.file = false',
    ...(management ? ['management.tcp.ip = 127.0.0.1', `management.tcp.port = ${management.port}`] : []),
  ];
  writeFileSync(join(folder, 'rabbitmq.conf'), lines.join('\n') + '\n');
  writeFileSync(join(folder, 'enabled_plugins'), management ? '[rabbitmq_management].\n' : '[].\n');
}
