import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../system-packages.mjs';
import { reservePort } from '../ports.ts';
import { answersTcp } from '../probe.ts';
import type { Engine, EngineContext } from './engine.ts';
import { givenEngine } from './given.ts';
import { installedProgram } from './installed.ts';
import { portNote } from './port-note.ts';

export async function findRedis(context: EngineContext): Promise<Engine> {
  const given = await givenEngine('redis', 'REDIS_URL', context.env.redisUrl, context);
  if (given) return given;
  const need = { name: 'redis', variable: 'REDIS_URL', aptPackage: 'redis-server' } as const;
  const { command, origin } = await installedProgram({ ...need, find: () => findProgram('redis-server') }, context);
  const reservation = await reservePort(context.port('redis'));
  const { port } = reservation;
  const folder = join(context.dataDir, 'redis');
  const detail = `${origin}, 127.0.0.1:${port}${portNote(reservation)}`;
  return {
    name: 'redis',
    url: `redis://127.0.0.1:${port}`,
    detail,
    programs: [
      {
        name: 'redis',
        group: 'engine',
        command,
        args: [writeConfig(folder, port)],
        env: {},
        cwd: folder,
        detail,
        prepare: reservation.release,
        isReady: () => answersTcp({ host: '127.0.0.1', port, say: 'PING\r\n', expect: '+PONG' }),
      },
    ],
  };
}

/** Small, on loopback, and back with its data after a restart. Nothing in it is evicted: it is small by design. */
function writeConfig(folder: string, port: number): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'redis.conf');
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    'daemonize no',
    `dir "${folder}"`,
    'save ""',
    'appendonly yes',
    'appendfsync everysec',
    'maxmemory 256mb',
    'maxmemory-policy noeviction',
    'databases 1',
  ];
  writeFileSync(file, lines.join('\n') + '\n');
  return file;
}
