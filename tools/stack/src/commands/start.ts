import { APP_PORTS } from '../apps.ts';
import { buildApps } from '../build.ts';
import { addDemoPeople } from '../demo-people.ts';
import { readStackEnv } from '../env.ts';
import { dataFolder } from '../paths.ts';
import { runStack } from './run-stack.ts';

/** The usual ports of the engines; they are also the defaults of every app's `env.ts`. */
export const ENGINE_PORTS = { mongodb: 27_117, redis: 6479, rabbitmq: 5772, s3: 9200 };

/** `npm start`: engines, build and apps from what is built. */
export function start(args: readonly string[]): Promise<number> {
  const { isProduction } = readStackEnv();
  const dataDir = dataFolder(isProduction ? 'production' : 'start');
  return runStack({
    title: 'Parley',
    footer: (stack) => [
      `  Parley     ${stack.urls.web}`,
      `  API        ${stack.urls.api}`,
      `  Logs       ${dataDir}/logs`,
    ],
    ...(isProduction ? {} : { afterwards: addDemoPeople }),
    options: (screen, ending) => ({
      dataDir,
      ports: { ...APP_PORTS, ...ENGINE_PORTS },
      nodeEnv: isProduction ? 'production' : 'development',
      docker: args.includes('--docker'),
      build: () => buildApps({ dataDir, listen: screen.listen, signal: ending }),
    }),
  });
}
