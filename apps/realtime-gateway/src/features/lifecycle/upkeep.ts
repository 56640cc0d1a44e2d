import type { Logger, Metrics } from '@parley/service-kit';
import type { IsSessionLive } from '../../ports.ts';
import type { GatewayServer } from '../../socket/socket-types.ts';
import type { PresenceWatch } from '../presence/presence-watch.ts';
import { checkSessions } from '../sessions/check-sessions.ts';
import { cutStalled } from './cut-stalled.ts';

const TICK_MS = 1_000;

/** What a gateway does by itself: cuts stalled sockets every second, and spreads its checks of sessions and presence. */
export function startUpkeep(o: {
  io: GatewayServer;
  isSessionLive: IsSessionLive;
  watch: PresenceWatch;
  timings: { presenceSweepMs: number; sessionCheckMs: number };
  logger: Logger;
  metrics: Metrics;
}): { stop(): void } {
  const { io, isSessionLive, logger } = o;
  const stalled = o.metrics.counter(
    'parley_sockets_stalled_cut_total',
    'Sockets cut because their client stopped reading',
  );
  const shares = Math.max(1, Math.round(o.timings.sessionCheckMs / TICK_MS));
  let turn = 0;

  const tick = setInterval(() => {
    turn += 1;
    stalled.inc(cutStalled(io, logger));
    checkSessions({ io, isSessionLive, logger, turn, shares }).catch((err: unknown) =>
      logger.warn({ err }, 'sessions not checked'),
    );
  }, TICK_MS).unref();
  const sweep = setInterval(() => void o.watch.sweep(), o.timings.presenceSweepMs).unref();

  return {
    stop: () => {
      clearInterval(tick);
      clearInterval(sweep);
    },
  };
}
