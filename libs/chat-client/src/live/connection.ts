import {
  ackError,
  serverEventSchemas,
  type ClientEventName,
  type ClientEventPayload,
  type ClientToServerEvents,
  type ServerEventName,
  type ServerEventPayload,
  type ServerToClientEvents,
} from '@parley/contracts';
import { io, type Socket } from 'socket.io-client';
import type { z } from 'zod';
import type { AccessToken } from '../http/authorized.ts';
import { ApiError, ConnectionError } from '../http/errors.ts';
import type { Log, Runtime } from '../ports.ts';
import { fullJitter } from '../send/backoff.ts';

export type ServerEventHandlers = { [E in ServerEventName]: (payload: ServerEventPayload<E>) => void };

/** The socket: it comes back by itself, each time with a fresh token. */
export type LiveConnection = {
  /** Whether pushes arrive: connected, and the server has said `ready`. */
  isReady(): boolean;
  /** One event and its acknowledgement. Rejects with ApiError where it is refused, ConnectionError where nothing comes back. */
  request<E extends ClientEventName, T>(event: E, payload: ClientEventPayload<E>, answer: z.ZodType<T>): Promise<T>;
  /** Connects now instead of at the next try. */
  wake(): void;
  /** Lets go of a connection that is dead already, so that nothing waits for it; `resume` and `wake` take it up again. */
  suspend(): void;
  resume(): void;
  close(): void;
};

type ParleySocket = Socket<ServerToClientEvents, ClientToServerEvents>;

const ACK_TIMEOUT_MS = 8_000;

export function connectLive(o: {
  url: string;
  accessToken: AccessToken;
  handlers: ServerEventHandlers;
  runtime: Runtime;
  onDown(): void;
}): LiveConnection {
  const { clock, random, log } = o.runtime;
  let ready = false;
  let closed = false;
  let suspended = false;
  let attempts = 0;
  let drainMs: number | undefined;
  let cancel: () => void = () => undefined;
  /** The last handshake was refused, so that its token is not worth another try. */
  let refused = false;

  const socket: ParleySocket = io(o.url, {
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    forceNew: true,
    // A gateway that dies leaves all its people without a socket in one moment: 0.5 to 13.5 s spread them over the others. Sends and
    // comparisons of heads go over HTTP meanwhile.
    reconnectionDelay: 7_000,
    reconnectionDelayMax: 14_000,
    randomizationFactor: 0.93,
    auth: (done) => {
      o.accessToken({ renewed: refused }).then(
        (token) => done({ token }),
        () => done({}),
      );
    },
  });

  const reconnectIn = (ms: number) => {
    cancel();
    cancel = clock.schedule(() => {
      if (!closed) socket.connect();
    }, ms);
  };
  /** Socket.IO stops trying where the server refused or ended the connection: then it is up to us. */
  const retryLater = () => {
    attempts += 1;
    reconnectIn(300 + fullJitter(attempts, { baseMs: 1_000, maxMs: 10_000, random }));
  };
  const wake = () => {
    if (closed || socket.connected) return;
    suspended = false;
    attempts = 0;
    reconnectIn(0);
  };
  const down = () => {
    ready = false;
    o.onDown();
  };

  socket.on('connect_error', () => {
    down();
    if (socket.active || closed || suspended) return;
    refused = true;
    retryLater();
  });
  socket.on('disconnect', () => {
    down();
    if (closed || suspended || socket.active) return;
    if (drainMs === undefined) retryLater();
    else reconnectIn(drainMs * (0.5 + random()));
    drainMs = undefined;
  });

  const handlers: ServerEventHandlers = {
    ...o.handlers,
    ready: (payload) => {
      ready = true;
      refused = false;
      attempts = 0;
      o.handlers.ready(payload);
    },
    drain: ({ retryInMs }) => {
      drainMs = retryInMs;
      o.handlers.drain({ retryInMs });
      socket.disconnect();
    },
  };
  for (const event of Object.keys(serverEventSchemas) as ServerEventName[]) listen(socket, event, handlers, log);

  return {
    isReady: () => ready && socket.connected,
    request: async (event, payload, answer) => {
      if (!ready || !socket.connected) throw new ConnectionError('the socket is away');
      return parseAck(event, await emit(socket, event, payload), answer);
    },
    suspend: () => {
      suspended = true;
      cancel();
      socket.disconnect();
    },
    resume: () => {
      if (suspended) wake();
    },
    wake,
    close: () => {
      closed = true;
      cancel();
      socket.disconnect();
    },
  };
}

/** What is no such event is dropped: a push is a hint only, and the next comparison of heads heals its loss. */
function listen<E extends ServerEventName>(
  socket: ParleySocket,
  event: E,
  handlers: ServerEventHandlers,
  log: Log,
): void {
  const schema: z.ZodType = serverEventSchemas[event];
  (socket as unknown as Socket).on(event as string, (payload: unknown) => {
    const parsed = schema.safeParse(payload);
    if (parsed.success) handlers[event](parsed.data as ServerEventPayload<E>);
    else log.error(`unreadable push ${event}`, parsed.error.issues);
  });
}

async function emit<E extends ClientEventName>(
  socket: ParleySocket,
  event: E,
  payload: ClientEventPayload<E>,
): Promise<unknown> {
  const untyped = socket as unknown as Socket;
  try {
    return await untyped.timeout(ACK_TIMEOUT_MS).emitWithAck(event, payload);
  } catch (error) {
    throw new ConnectionError(`no acknowledgement of ${event}`, error);
  }
}

function parseAck<T>(event: string, ack: unknown, answer: z.ZodType<T>): T {
  const refusal = ackError.safeParse(ack);
  if (refusal.success) {
    const { code, detail, errors } = refusal.data.error;
    throw new ApiError(code, detail, { fields: errors ?? [] });
  }
  const parsed = answer.safeParse(ack);
  if (!parsed.success) throw new ConnectionError(`unreadable acknowledgement of ${event}`, parsed.error);
  return parsed.data;
}
