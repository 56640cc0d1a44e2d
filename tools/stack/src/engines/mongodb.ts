import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../system-packages.mjs';
import { ROOT } from '../paths.ts';
import { reservePort } from '../ports.ts';
import { answersTcp } from '../probe.ts';
import type { Engine, EngineContext } from './engine.ts';
import { givenEngine } from './given.ts';
import { portNote } from './port-note.ts';

const EMBEDDED = join(ROOT, 'tools/embedded-mongo');
const BUNDLE = join(EMBEDDED, 'dist/server/main.js');

export async function findMongo(context: EngineContext): Promise<Engine> {
  const given = await givenEngine('mongodb', 'MONGO_URI', context.env.mongoUri, context);
  if (given) return given;
  const mongod = findProgram('mongod');
  // Another engine's files are no use to either of the two.
  const folder = join(context.dataDir, mongod === undefined ? 'embedded-mongo' : 'mongod');
  mkdirSync(folder, { recursive: true });
  const reservation = await reservePort(context.port('mongodb'));
  const { port } = reservation;
  const detail = `${mongod === undefined ? 'embedded' : 'PATH'}, 127.0.0.1:${port}${portNote(reservation)}`;
  const program =
    mongod === undefined
      ? await embedded(folder, port, context)
      : {
          command: mongod,
          args: ['--dbpath', folder, '--port', `${port}`, '--bind_ip', '127.0.0.1', '--wiredTigerCacheSizeGB', '0.25'],
        };
  return {
    name: 'mongodb',
    url: `mongodb://127.0.0.1:${port}`,
    detail,
    programs: [
      {
        name: 'mongodb',
        group: 'engine',
        ...program,
        env: {},
        cwd: ROOT,
        detail,
        prepare: reservation.release,
        isReady: () => answersTcp({ host: '127.0.0.1', port }),
      },
    ],
  };
}

async function embedded(folder: string, port: number, context: EngineContext) {
  await context.bundled;
  const fromBundle = context.bundled !== undefined && existsSync(BUNDLE);
  const program = fromBundle
    ? [BUNDLE]
    : ['--conditions=@parley/source', '--import', 'tsx', join(EMBEDDED, 'src/main.ts')];
  return {
    command: process.execPath,
    args: ['--max-semi-space-size=64', ...program, '--port', `${port}`, '--data', folder],
  };
}
