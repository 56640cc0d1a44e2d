import { createLogger, createMetrics, createShutdown, runMain } from '@parley/service-kit';
import { readEnv } from './env.ts';
import { startChatApi } from './start.ts';

await runMain('chat-api', async () => {
  const env = readEnv();
  const logger = createLogger({
    service: 'chat-api',
    level: env.LOG_LEVEL,
    pretty: env.NODE_ENV === 'development' && process.stdout.isTTY,
  });
  const metrics = createMetrics({ service: 'chat-api' });
  const shutdown = createShutdown({ logger, metrics });
  shutdown.listen();
  await startChatApi({ env, logger, metrics, shutdown });
});
