import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

export type Shutdown = {
  /** Adds what has to end. It ends before everything that was added before it, on which it may depend. */
  add(name: string, fn: () => Promise<void> | void): void;
  /** From now on SIGTERM and SIGINT end the process, and an unhandled rejection is logged and counted, never fatal. */
  listen(): void;
  /** Ends everything, last added first; a failing one is logged and the others still end. Once, however often called. */
  run(reason: string): Promise<void>;
};

const DEFAULT_GRACE_MS = 10_000;

/**
 * The orderly end of a process: exit code 0 when everything ended within `graceMs` (default 10,000), else 1.
 * A second signal changes nothing: a terminal and a supervisor often send one each.
 */
export function createShutdown(o: { logger: Logger; graceMs?: number; metrics?: Metrics }): Shutdown {
  const steps: { name: string; fn: () => Promise<void> | void }[] = [];
  let running: Promise<void> | undefined;

  const endAll = async (reason: string): Promise<void> => {
    o.logger.info({ reason }, 'shutting down');
    for (let step = steps.pop(); step; step = steps.pop()) {
      try {
        await step.fn();
      } catch (error) {
        o.logger.error({ err: error, step: step.name }, 'could not end cleanly');
      }
    }
    o.logger.info('ended');
  };
  const run = (reason: string): Promise<void> => (running ??= endAll(reason));

  const exit = (reason: string): void => {
    const graceMs = o.graceMs ?? DEFAULT_GRACE_MS;
    setTimeout(() => {
      o.logger.error({ graceMs }, 'did not end in time');
      process.exit(1);
    }, graceMs).unref();
    void run(reason).then(() => process.exit(0));
  };

  return {
    add: (name, fn) => void steps.push({ name, fn }),
    run,
    listen: () => {
      const rejections = o.metrics?.counter('unhandled_rejections_total', 'Promises that nobody caught');
      process.on('SIGTERM', exit);
      process.on('SIGINT', exit);
      process.on('unhandledRejection', (error) => {
        rejections?.inc();
        o.logger.error({ err: error }, 'unhandled rejection');
      });
    },
  };
}
