import { errorCode } from '@parley/contracts';
import type { Ack } from '@parley/contracts';
import type { Logger, Metrics } from '@parley/service-kit';
import { EventRefused } from './client-event.ts';
import type { ClientEvent, EventContext } from './client-event.ts';
import { createFloodGuard } from './flood-guard.ts';
import type { EventLimits } from './flood-guard.ts';
import type { LateWrites } from './late-writes.ts';
import { createLane } from './lane.ts';
import type { GatewaySocket } from './socket-types.ts';

type Answer = Ack<object>;

/** More than a client that comes back with all its chats needs at a time. */
const LANE = { running: 16, waiting: 400 };

/**
 * Answers every event of a socket, in this one place: known or not, well-formed or not, with an acknowledgement or without.
 * Nothing that a client sends can throw out of here, and none reaches an event emitter (`error` would end the process).
 */
export function createEventAnswerer(o: {
  events: readonly ClientEvent[];
  limits: EventLimits;
  writes: LateWrites;
  logger: Logger;
  metrics: Metrics;
}): (socket: GatewaySocket) => void {
  // A map and not an object: `constructor` and `__proto__` are just unknown events.
  const events = new Map<unknown, ClientEvent>(o.events.map((event) => [event.name, event]));
  const seconds = o.metrics.histogram('parley_socket_event_seconds', 'Client events by outcome', ['event', 'outcome']);
  const floods = o.metrics.counter('parley_socket_floods_cut_total', 'Sockets cut because they flooded');

  const run = async (context: EventContext, name: unknown, args: unknown[]): Promise<Answer> => {
    try {
      const event = events.get(name);
      if (!event) throw new EventRefused('invalid_request', 'unknown event');
      if (args.length !== 1) throw new EventRefused('invalid_request', 'an event carries one object');
      return { ok: true, ...(await event.run(context, args[0])) };
    } catch (error) {
      return { ok: false, error: presentError(error, o.logger) };
    }
  };

  return (socket) => {
    const context = { socket, caller: socket.data.caller };
    const judge = createFloodGuard(o.limits, performance.now());
    const lane = createLane(LANE);

    const answer = async ([name, ...args]: unknown[]): Promise<void> => {
      // What was still on its way when the socket was cut.
      if (!socket.connected) return;
      const acknowledge = takeAcknowledgement(args);
      const startedAt = performance.now();
      const verdict = judge(startedAt);
      if (verdict === 'cut') {
        floods.inc();
        o.logger.warn({ userId: context.caller.userId }, 'socket flooded and was cut');
        socket.disconnect(true);
        return;
      }
      const work = verdict === 'pass' ? lane.run(() => run(context, name, args)) : undefined;
      const result: Answer = work ? await work : TOO_MANY;
      const event = events.get(name);
      const labels = { event: event?.name ?? 'unknown', outcome: result.ok ? 'ok' : result.error.code };
      seconds.observe(labels, (performance.now() - startedAt) / 1_000);
      if (event?.isLate) o.writes.late(() => acknowledge?.(result));
      else acknowledge?.(result);
    };

    // `next` is never called: no listener of the socket ever sees what a client sent.
    socket.use((packet: unknown[]) => {
      answer(packet).catch((err: unknown) => o.logger.error({ err }, 'an event could not be answered'));
    });
  };
}

const TOO_MANY: Answer = { ok: false, error: { code: 'rate_limited', detail: 'too many events, slow down' } };

/** The acknowledgement, which Socket.IO puts last; JSON has no functions, so no client can forge one. */
function takeAcknowledgement(args: unknown[]): ((answer: Answer) => void) | undefined {
  const last = args.at(-1);
  if (typeof last !== 'function') return undefined;
  args.pop();
  return (answer) => void Reflect.apply(last, undefined, [answer]);
}

/** A known code as it is; anything else is logged, and masked as `internal_error`. */
function presentError(
  error: unknown,
  logger: Logger,
): { code: Extract<Answer, { ok: false }>['error']['code']; detail: string } {
  const code = error instanceof Error && 'code' in error ? errorCode.safeParse(error.code) : undefined;
  if (error instanceof Error && code?.success) return { code: code.data, detail: error.message };
  logger.error({ err: error }, 'unexpected error in a client event');
  return { code: 'internal_error', detail: 'something went wrong' };
}
