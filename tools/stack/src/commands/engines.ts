import { ENGINE_VARIABLES } from '../apps.ts';
import { dataFolder } from '../paths.ts';
import { runStack } from './run-stack.ts';
import { ENGINE_PORTS } from './start.ts';

/** `npm run engines`: only the engines, for `nx serve <app>` and for tests that are run one by one. */
export function engines(args: readonly string[]): Promise<number> {
  return runStack({
    title: 'Engines',
    footer: ({ env, rabbitManagementUrl }) => [
      ...ENGINE_VARIABLES.filter((name) => env[name]).map((name) => `  export ${name}=${env[name]}`),
      ...(rabbitManagementUrl === undefined ? [] : [`  export RABBITMQ_MANAGEMENT_URL=${rabbitManagementUrl}`]),
    ],
    options: () => ({
      dataDir: dataFolder('dev'),
      ports: ENGINE_PORTS,
      apps: [],
      docker: args.includes('--docker'),
      defaultLogins: true,
      withManagement: true,
    }),
  });
}
