import { arch, cpus, release, totalmem, type } from 'node:os';
import type { Doc } from '../bson/types.ts';
import { asNumber } from '../bson/types.ts';
import { CommandError } from '../errors.ts';
import type { Command, CommandDefinition } from './command.ts';
import { adminOnly, boolField, fixed } from './command.ts';
import { VERSION } from './handshake.ts';

const MEGABYTE = 1_048_576;

function serverStatus({ engine }: Command): Doc {
  const resident = Math.round(process.memoryUsage().rss / MEGABYTE);
  const seconds = Math.floor((Date.now() - engine.startedAt) / 1000);
  return {
    host: 'localhost',
    version: VERSION,
    process: 'embedded-mongo',
    pid: BigInt(process.pid),
    uptime: seconds,
    uptimeMillis: BigInt(Date.now() - engine.startedAt),
    localTime: new Date(),
    connections: { current: engine.connections(), available: 10_000, totalCreated: engine.connections() },
    mem: { bits: 64, resident, virtual: resident, supported: true },
    metrics: { cursor: { open: { total: BigInt(engine.cursors.size) } } },
    storageEngine: { name: 'lmdb', supportsCommittedReads: true, persistent: true },
  };
}

const PARAMETERS: Doc = {
  featureCompatibilityVersion: { version: '7.0' },
  authenticationMechanisms: [],
  ttlMonitorSleepSecs: 60,
};

function getParameter(command: Command): Doc {
  const { body } = command;
  const all = body['getParameter'] === '*' || boolField(command, 'allParameters');
  const shown = Object.entries(PARAMETERS).filter(([name]) => all || name in body);
  if (shown.length === 0) throw new CommandError(72, 'no option found to get');
  return Object.fromEntries(shown);
}

function hostInfo(): Doc {
  return {
    system: {
      currentTime: new Date(),
      hostname: 'localhost',
      cpuAddrSize: 64,
      memSizeMB: BigInt(Math.round(totalmem() / MEGABYTE)),
      numCores: cpus().length,
      cpuArch: arch(),
      numaEnabled: false,
    },
    os: { type: type(), name: type(), version: release() },
    extra: {},
  };
}

/** The profiler is off and stays off. */
function profile({ body }: Command): Doc {
  const level = asNumber(body['profile']) ?? 0;
  if (level > 0) throw new CommandError(238, 'the profiler is not supported by this engine');
  return { was: 0, slowms: 100, sampleRate: 1 };
}

function getLog({ body }: Command): Doc {
  if (body['getLog'] === '*') return { names: ['global', 'startupWarnings'] };
  return { totalLinesWritten: 0, log: [] };
}

function notReplicated(): never {
  throw new CommandError(76, 'not running with --replSet');
}

/** What shells and browsers of data ask about the server itself. */
export const ADMINISTRATION_COMMANDS: Record<string, CommandDefinition> = {
  serverStatus: { fields: ['*'], run: (command) => ({ ...serverStatus(command), ok: 1 }) },
  getParameter: adminOnly({ fields: ['*'], run: (command) => ({ ...getParameter(command), ok: 1 }) }),
  getCmdLineOpts: adminOnly(fixed([], () => ({ argv: ['embedded-mongo'], parsed: {} }))),
  getLog: adminOnly(fixed([], getLog)),
  hostInfo: fixed(['*'], hostInfo),
  top: adminOnly(fixed([], () => ({ totals: { note: 'all times in microseconds' } }))),
  currentOp: adminOnly({ fields: ['*'], run: () => ({ inprog: [], ok: 1 }) }),
  replSetGetStatus: adminOnly({ fields: ['*'], run: notReplicated }),
  profile: fixed(['slowms', 'sampleRate', 'filter'], profile),
  usersInfo: fixed(['*'], () => ({ users: [] })),
  rolesInfo: fixed(['*'], () => ({ roles: [] })),
};
