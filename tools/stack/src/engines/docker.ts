import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../system-packages.mjs';
import { childEnv } from '../env.ts';
import { ROOT } from '../paths.ts';
import { reservePort } from '../ports.ts';
import { StackError } from '../stack-error.ts';
import type { Engine, EngineContext } from './engine.ts';
import { ownPassword } from './own-password.ts';

const run = promisify(execFile);
const FILE = join(ROOT, 'deploy/compose/compose.yaml');

export type DockerEngines = { engines: Engine[]; stop(): Promise<void> };

/**
 * All three engines as containers of Docker Compose, with loopback ports and volumes of this data folder's own.
 * @throws StackError when there is no Docker, or it does not bring them up
 */
export async function startDockerEngines(context: EngineContext): Promise<DockerEngines> {
  await requireDocker();
  const [mongo, redis, rabbit, management] = await Promise.all([
    reservePort(context.port('mongodb')),
    reservePort(context.port('redis')),
    reservePort(context.port('rabbitmq')),
    reservePort(15_772),
  ]);
  // The volume keeps the broker's user, so the password is kept as well.
  const password = ownPassword(join(context.dataDir, 'rabbitmq-in-docker'));
  const project = `parley-${createHash('sha256').update(context.dataDir).digest('hex').slice(0, 8)}`;
  const env = childEnv({
    PARLEY_MONGO_PORT: `${mongo.port}`,
    PARLEY_REDIS_PORT: `${redis.port}`,
    PARLEY_RABBITMQ_PASSWORD: password,
    PARLEY_RABBITMQ_PORT: `${rabbit.port}`,
    PARLEY_RABBITMQ_MANAGEMENT_PORT: `${management.port}`,
  });
  const compose = (...args: string[]) =>
    run('docker', ['compose', '-p', project, '-f', FILE, ...args], { env, maxBuffer: 1 << 24 });

  await Promise.all([mongo, redis, rabbit, management].map((reservation) => reservation.release()));
  try {
    await compose('up', '--detach', '--wait', '--wait-timeout', '180');
  } catch (error) {
    throw new StackError(
      `Docker Compose could not start the engines: ${(error as { stderr?: string }).stderr ?? String(error)}`,
    );
  }
  const detail = (port: number) => `Docker, 127.0.0.1:${port}`;
  return {
    engines: [
      { name: 'mongodb', url: `mongodb://127.0.0.1:${mongo.port}`, detail: detail(mongo.port), programs: [] },
      { name: 'redis', url: `redis://127.0.0.1:${redis.port}`, detail: detail(redis.port), programs: [] },
      {
        name: 'rabbitmq',
        url: `amqp://parley:${password}@127.0.0.1:${rabbit.port}`,
        managementUrl: `http://127.0.0.1:${management.port}`,
        detail: detail(rabbit.port),
        programs: [],
      },
    ],
    // Volumes stay: a second start finds its data again.
    stop: async () => {
      await compose('down', '--timeout', '8');
    },
  };
}

async function requireDocker(): Promise<void> {
  if (findProgram('docker') === undefined) {
    throw new StackError(
      '--docker needs Docker with Compose, which is not installed: install it, or start without --docker.',
    );
  }
  try {
    await run('docker', ['compose', 'version'], { timeout: 20_000 });
    await run('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 20_000 });
  } catch {
    throw new StackError(
      '--docker needs a Docker engine with Compose that runs, and none answers: start it, or start without --docker.',
    );
  }
}
