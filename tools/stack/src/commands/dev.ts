import { APP_PORTS } from '../apps.ts';
import { addDemoPeople } from '../demo-people.ts';
import { dataFolder } from '../paths.ts';
import { runStack } from './run-stack.ts';
import { ENGINE_PORTS } from './start.ts';

/** `npm run dev`: engines, and every app from its sources, reloaded when one of them changes. */
export function dev(args: readonly string[]): Promise<number> {
  const dataDir = dataFolder('dev');
  return runStack({
    title: 'Parley, development: a saved file restarts what uses it',
    footer: (stack) => [
      `  Parley     ${stack.urls.web}`,
      `  API        ${stack.urls.api}`,
      `  Logs       ${dataDir}/logs`,
    ],
    afterwards: addDemoPeople,
    options: () => ({
      dataDir,
      ports: { ...APP_PORTS, ...ENGINE_PORTS },
      source: 'watched',
      docker: args.includes('--docker'),
      defaultLogins: true,
    }),
  });
}
