import type { Supervised } from '../supervised.ts';
import { startDockerEngines } from './docker.ts';
import type { Engine, EngineContext } from './engine.ts';
import { findMongo } from './mongodb.ts';
import { findRabbitMq } from './rabbitmq.ts';
import { findRedis } from './redis.ts';
import { findS3 } from './s3.ts';

export const ENGINES = ['mongodb', 'redis', 'rabbitmq', 's3'] as const;

/**
 * Finds every engine in the order of docs/ARCHITECTURE.md and starts what has to be started, each as soon as it is found.
 * `urls` settles when all are found, which is before they are ready; `ready` when all answer.
 */
export function bringUpEngines(
  context: EngineContext,
  o: {
    docker: boolean;
    run(program: Engine['programs'][number]): Supervised;
    onDocker(stop: () => Promise<void>): void;
  },
): { found: Promise<Engine[]>; ready: Promise<void> } {
  const say = (name: string, state: 'waiting' | 'starting' | 'ready' | 'failed', detail: string) =>
    context.listen({ type: 'state', group: 'engine', name, state, detail });

  const start = async (engine: Engine): Promise<void> => {
    const programs = engine.programs.map(o.run);
    for (const program of programs) await program.start();
    if (programs.length === 0) say(engine.name, 'ready', engine.detail);
  };

  if (o.docker) {
    for (const name of ENGINES) say(name, 'starting', name === 's3' ? '' : 'docker compose up');
    const containers = startDockerEngines(context).then(({ engines, stop }) => {
      o.onDocker(stop);
      return engines;
    });
    // S3 is no service of deploy/compose: the embedded endpoint stands in there, too.
    const found = Promise.all([containers, findS3(context)]).then(([engines, s3]) => [...engines, s3]);
    return { found, ready: found.then(async (engines) => void (await Promise.all(engines.map(start)))) };
  }
  const finders = { mongodb: findMongo, redis: findRedis, rabbitmq: findRabbitMq, s3: findS3 };
  for (const name of ENGINES) say(name, 'waiting', '');
  const found = ENGINES.map((name) => finders[name](context));
  return {
    found: Promise.all(found),
    ready: Promise.all(found.map(async (engine) => start(await engine))).then(() => undefined),
  };
}
