import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callApi } from '../api.ts';
import type { EjabberdPrograms } from './find-ejabberd.ts';
import { freePorts, runProgram, startServer, type Owner, type ServerProcess } from './server-process.ts';

export type Ejabberd = {
  /** Where XMPP clients connect to, in the clear: `xmpp://127.0.0.1:<port>`. */
  url: string;
  /** Process ids by name. */
  pids: Record<string, number>;
  register(username: string, password: string): Promise<void>;
  /** Ends both servers and removes what they stored. */
  stop(): Promise<void>;
};

export const XMPP_DOMAIN = 'localhost';

/**
 * ejabberd as its package runs it, with fresh data and every message of everybody in its archive (XEP-0313), which is kept in a
 * PostgreSQL of its own with that one's defaults: each message is on disk before it goes on.
 */
export async function startEjabberd(programs: EjabberdPrograms): Promise<Ejabberd> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-ejabberd-'));
  const owner = databaseOwner();
  const data = mkdtempSync(join(tmpdir(), 'parley-postgres-'));
  if (owner) chownSync(data, owner.uid, owner.gid);
  const [databasePort = 0, xmppPort = 0, apiPort = 0] = await freePorts(3);
  const servers: ServerProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const server of servers.reverse()) await server.stop();
    for (const path of [folder, data]) rmSync(path, { recursive: true, force: true });
  };
  try {
    const database = await startPostgres({ programs, data, owner, port: databasePort });
    servers.push(database);
    writeFileSync(join(folder, 'ejabberd.yml'), JSON.stringify(configuration({ databasePort, xmppPort, apiPort })));
    const ejabberd = await startServer({
      command: programs.erl,
      args: ['+K', 'true', '+P', '250000', '-noinput', '-mnesia', 'dir', `"${folder}/mnesia"`, '-s', 'ejabberd'],
      folder,
      env: {
        ERL_LIBS: programs.libs,
        EJABBERD_CONFIG_PATH: join(folder, 'ejabberd.yml'),
        EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
        ERL_CRASH_DUMP_SECONDS: '0',
      },
      port: xmppPort,
      stopSignal: 'SIGTERM',
    });
    servers.push(ejabberd);
    return {
      url: `xmpp://127.0.0.1:${xmppPort}`,
      pids: { ejabberd: ejabberd.pid, postgresql: database.pid },
      register: async (user, password) => {
        const body = { user, password, host: XMPP_DOMAIN };
        await callApi(`http://127.0.0.1:${apiPort}`, '/api/register', { body });
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startPostgres(o: {
  programs: EjabberdPrograms;
  data: string;
  owner: Owner | undefined;
  port: number;
}): Promise<ServerProcess> {
  const { data, owner, port } = o;
  const program = (name: string): string => join(o.programs.postgres, name);
  const common = { folder: data, owner };
  await runProgram({
    ...common,
    command: program('initdb'),
    args: ['--pgdata', data, '--auth', 'trust', '--username', 'postgres'],
  });
  const server = await startServer({
    ...common,
    command: program('postgres'),
    args: ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-c', 'unix_socket_directories='],
    port,
    stopSignal: 'SIGINT',
  });
  const connection = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-v', 'ON_ERROR_STOP=1'];
  await runProgram({ ...common, command: program('psql'), args: [...connection, '-q', '-f', o.programs.schema] }).catch(
    async (error: unknown) => {
      await server.stop();
      throw error;
    },
  );
  return server;
}

/** PostgreSQL refuses to run as root; its package makes a user for it. */
function databaseOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (!line) throw new Error('there is no user "postgres", and PostgreSQL does not run as root');
  return { uid: Number(line[1]), gid: Number(line[2]) };
}

/** YAML, which JSON is a part of. Everything that a message passes by is as ejabberd's example has it; nothing listens outside. */
function configuration(ports: { databasePort: number; xmppPort: number; apiPort: number }): object {
  const here = { ip: '127.0.0.1' };
  return {
    hosts: [XMPP_DOMAIN],
    loglevel: 'warning',
    listen: [
      {
        ...here,
        port: ports.xmppPort,
        module: 'ejabberd_c2s',
        backlog: 1_000,
        starttls: false,
        shaper: 'none',
        access: 'all',
      },
      { ...here, port: ports.apiPort, module: 'ejabberd_http', request_handlers: { '/api': 'mod_http_api' } },
    ],
    acl: { loopback: { ip: ['127.0.0.0/8'] } },
    api_permissions: { all: { who: { access: { allow: { acl: 'loopback' } } }, what: '*' } },
    auth_method: 'internal',
    sql_type: 'pgsql',
    sql_server: '127.0.0.1',
    sql_port: ports.databasePort,
    sql_database: 'postgres',
    sql_username: 'postgres',
    modules: {
      mod_http_api: {},
      mod_roster: {},
      mod_stream_mgmt: {},
      mod_mam: { default: 'always', db_type: 'sql' },
    },
  };
}
