import { createCircuit, type Logger, type Metrics } from '@parley/service-kit';
import { StorageError, toStorageError } from './storage-error.ts';

export type Guard = {
  /** Whether the store answered when it was last asked. */
  isUp(): boolean;
  /**
   * Runs one operation.
   * @param timeoutMs for all its attempts together
   * @throws StorageError
   */
  run<T>(operation: string, timeoutMs: number, fn: (signal: AbortSignal) => Promise<T>): Promise<T>;
};

/**
 * Stands between the callers and a store that may be away: every operation has an end, and while nothing answers all but
 * one that tries fail at once.
 */
export function createGuard(o: { logger: Logger; metrics?: Metrics | undefined }): Guard {
  const seconds = o.metrics?.histogram('object_storage_seconds', 'Operations of the object storage', [
    'operation',
    'outcome',
  ]);
  const circuit = createCircuit({
    onOpen: () => o.logger.warn('object storage is away'),
    onClose: () => o.logger.info('object storage is back'),
  });
  let isTrying = false;

  const attempt = async <T>(operation: string, timeoutMs: number, fn: (signal: AbortSignal) => Promise<T>) => {
    const mayTry = circuit.isClosed() || !(circuit.isOpen() || isTrying);
    if (!mayTry) throw new StorageError('unavailable', `${operation}: the object storage is away`);
    const isTrial = !circuit.isClosed();
    isTrying ||= isTrial;
    try {
      const result = await fn(AbortSignal.timeout(timeoutMs));
      circuit.succeeded();
      return result;
    } catch (error) {
      const told = toStorageError(operation, error);
      // Any answer, also one that refuses, says that somebody is there.
      if (told.code === 'unavailable') circuit.failed();
      else circuit.succeeded();
      throw told;
    } finally {
      if (isTrial) isTrying = false;
    }
  };

  return {
    isUp: () => circuit.isClosed(),
    run: async (operation, timeoutMs, fn) => {
      const startedAt = performance.now();
      let outcome = 'ok';
      try {
        return await attempt(operation, timeoutMs, fn);
      } catch (error) {
        outcome = error instanceof StorageError ? error.code : 'unavailable';
        if (outcome === 'refused') o.logger.error({ err: error, operation }, 'object storage refuses');
        throw error;
      } finally {
        seconds?.observe({ operation, outcome }, (performance.now() - startedAt) / 1000);
      }
    },
  };
}
