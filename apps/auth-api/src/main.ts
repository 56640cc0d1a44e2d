import { listen } from '@parley/http-server';
import { runMain, untilReady } from '@parley/service-kit';
import { compose } from './compose.ts';
import { readEnv } from './env.ts';

await runMain('auth-api', async () => {
  const env = readEnv();
  const { app, health, shutdown, logger } = await compose(env);
  shutdown.listen();
  await untilReady(health);
  const server = await listen(app, { port: env.PORT, host: env.HOST });
  shutdown.add('http', server.close);
  logger.info({ host: env.HOST, port: server.port }, 'listening');
});
