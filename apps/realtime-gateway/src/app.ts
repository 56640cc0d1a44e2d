import { createServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import type { BrokerEvent, ExchangeName } from '@parley/contracts';
import type { Clock, Logger, Metrics } from '@parley/service-kit';
import type { ServerOptions } from 'socket.io';
import { heads } from './features/chats/heads.ts';
import { join } from './features/chats/join.ts';
import { createMembership } from './features/chats/membership.ts';
import { pushChat } from './features/chats/push-chat.ts';
import { createDrain } from './features/lifecycle/drain.ts';
import { requireSync } from './features/lifecycle/require-sync.ts';
import { startUpkeep } from './features/lifecycle/upkeep.ts';
import { pushMessage, pushMessageUpdated } from './features/messages/push-message.ts';
import { sendMessage } from './features/messages/send-message.ts';
import { hidePresence } from './features/presence/hide-presence.ts';
import { createPresenceWatch } from './features/presence/presence-watch.ts';
import { subscribe } from './features/presence/subscribe.ts';
import { createPresenceTracker } from './features/presence/track-presence.ts';
import { createGapDetector } from './features/pushes/gap-detector.ts';
import { bindingsOf, createEventRouter } from './features/pushes/route-event.ts';
import type { EventRoutes } from './features/pushes/route-event.ts';
import { delivered } from './features/receipts/delivered.ts';
import { createReceiptMerger } from './features/receipts/merge-receipts.ts';
import { pushReceipt } from './features/receipts/push-receipt.ts';
import { seen } from './features/receipts/seen.ts';
import { onSessionRevoked } from './features/sessions/end-session.ts';
import { typing } from './features/typing/typing.ts';
import type { Ask, IsSessionLive, PresenceStore, VerifyToken } from './ports.ts';
import { createPublicApp } from './proxy/create-public-app.ts';
import type { Upstream } from './proxy/decide-upstream.ts';
import { limitRequestTime, REQUEST_MS_MAX } from './proxy/limit-request-time.ts';
import { createEventAnswerer } from './socket/answer-events.ts';
import { checkHandshake } from './socket/check-handshake.ts';
import { createSocketServer } from './socket/create-socket-server.ts';
import type { EventLimits } from './socket/flood-guard.ts';
import { createLateWrites } from './socket/late-writes.ts';
import type { GatewayServer } from './socket/socket-types.ts';
import { createWelcome } from './socket/welcome-socket.ts';

export type GatewayDeps = {
  publicOrigins: readonly string[];
  upstreams: Record<Upstream, string>;
  trustedHops: number;
  eventLimits: EventLimits;
  verifyToken: VerifyToken;
  isSessionLive: IsSessionLive;
  ask: Ask;
  presence: PresenceStore;
  /** How broadcasts (typing and presence only) reach the other gateways; without it there is only this one. */
  adapter?: ServerOptions['adapter'];
  logger: Logger;
  metrics: Metrics;
  clock: Clock;
  timings?: Partial<Timings>;
};

export type Timings = {
  /** How long a service may take to answer over HTTP. */
  proxyTimeoutMs: number;
  /** How long a client may take to send a request that has no picture in it. */
  requestMs: number;
  /** How long somebody may be away before they are told to be offline. */
  offlineGraceMs: number;
  /** Between two comparisons of what subscribers were told with who is there. */
  presenceSweepMs: number;
  /** Within this every session that is connected here has been checked. */
  sessionCheckMs: number;
  /** Over this the requests to sync, and at the end the closings, are spread. */
  syncSpreadMs: number;
  drainMs: number;
};

export type Gateway = {
  /** The public entry, not listening. */
  http: HttpServer;
  io: GatewayServer;
  /** False from the moment on at which `close` is called. */
  isAccepting(): boolean;
  /** What the gateway's own queue is bound to, and what is done with each event. */
  bindings: { exchange: ExchangeName; keys: string[] }[];
  handleEvent(event: BrokerEvent): Promise<void>;
  brokerLost(): void;
  /** @param queueWasThere whether the gateway's queue was still there when the connection came back */
  brokerBack(queueWasThere: boolean): void;
  /** Sends everybody away and ends; new connections are refused from the first moment on. */
  close(): Promise<void>;
};

const TIMINGS: Timings = {
  proxyTimeoutMs: 30_000,
  requestMs: REQUEST_MS_MAX.other,
  offlineGraceMs: 3_000,
  presenceSweepMs: 20_000,
  sessionCheckMs: 60_000,
  syncSpreadMs: 5_000,
  drainMs: 2_000,
};

/** The whole gateway, put together from what it needs; it never listens. */
export function createGateway(o: GatewayDeps): Gateway {
  const { ask, logger, metrics, clock } = o;
  const timings = { ...TIMINGS, ...o.timings };
  let accepting = true;
  const isAccepting = (): boolean => accepting;

  const app = createPublicApp({ ...o, timeoutMs: timings.proxyTimeoutMs, isAccepting });
  const limits = { keepAliveTimeout: 65_000, headersTimeout: 10_000, requestTimeout: REQUEST_MS_MAX.form };
  const http = createServer(limits, app);
  limitRequestTime(http, timings.requestMs);
  const io = createSocketServer({ http, publicOrigins: o.publicOrigins, adapter: o.adapter, isAccepting });

  const writes = createLateWrites(io);
  const membership = createMembership(ask);
  const presence = createPresenceTracker({ io, store: o.presence, logger, graceMs: timings.offlineGraceMs });
  const watch = createPresenceWatch({ io, store: o.presence, logger, graceMs: timings.offlineGraceMs });
  const events = [
    join(membership),
    heads(ask),
    sendMessage(ask),
    delivered(createReceiptMerger(ask, 'chat.markDelivered')),
    seen(createReceiptMerger(ask, 'chat.markSeen')),
    typing(io, membership),
    subscribe(ask, watch),
  ];
  const answerEvents = createEventAnswerer({ events, limits: o.eventLimits, writes, logger, metrics });
  io.use(checkHandshake({ io, verifyToken: o.verifyToken, logger }));
  io.on('connection', createWelcome({ presence, answerEvents, clock, logger, metrics }));

  const routes: EventRoutes = {
    'message.created': pushMessage(io, membership, writes),
    'message.updated': pushMessageUpdated(io),
    'receipt.updated': pushReceipt(io, writes),
    'chat.created': pushChat(io, ask, membership),
    'session.revoked': onSessionRevoked(io),
    'user.updated': hidePresence(io),
  };
  const upkeep = startUpkeep({ io, isSessionLive: o.isSessionLive, watch, timings, logger, metrics });
  const gaps = createGapDetector();
  const drain = createDrain({ http, io, overMs: timings.drainMs });

  return {
    http,
    io,
    isAccepting,
    bindings: bindingsOf(routes),
    handleEvent: createEventRouter({ routes, logger, metrics }),
    brokerLost: () => gaps.disconnected(performance.now()),
    brokerBack: (queueWasThere) => {
      if (!gaps.connected(performance.now(), queueWasThere)) return;
      const sockets = requireSync(io, timings.syncSpreadMs);
      logger.warn({ sockets, queueWasThere }, 'events may be missing: clients are asked to sync');
    },
    close: async () => {
      accepting = false;
      upkeep.stop();
      await drain();
    },
  };
}
