import type { RedisClientType } from 'redis';

/** Whether a connected Redis still answers: a frozen server keeps its connections open and says nothing. */
export function watchPing(
  client: RedisClientType,
  o: { everyMs: number; timeoutMs: number },
): { isAnswered(): boolean; stop(): void } {
  let askedAt: number | undefined;
  const ask = (): void => {
    if (!client.isReady || askedAt !== undefined) return;
    askedAt = performance.now();
    // Rejected when the connection ends: `isReady` tells that.
    client.ping().then(settle, settle);
  };
  const settle = (): void => {
    askedAt = undefined;
  };
  const timer = setInterval(ask, o.everyMs).unref();
  return {
    isAnswered: () => askedAt === undefined || performance.now() - askedAt < o.timeoutMs,
    stop: () => clearInterval(timer),
  };
}
