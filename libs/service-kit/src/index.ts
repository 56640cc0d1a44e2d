export type { Clock } from './clock.ts';
export { createBatcher, type Batcher, type BatcherOptions } from './create-batcher.ts';
export { EnvError, parseEnv } from './env.ts';
export { createHealth, type Health, type Readiness } from './health.ts';
export { createLogger, type Logger } from './logger.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { retryUntil, type RetryOptions } from './retry-until.ts';
export { runMain } from './run-main.ts';
export { createShutdown, type Shutdown } from './shutdown.ts';
