import type {
  ClientEventName,
  ClientEventPayload,
  ClientEventResult,
  Ack,
  ServerToClientEvents,
  ClientToServerEvents,
} from '@parley/contracts';
import { io, type Socket } from 'socket.io-client';
import type { Random } from '../random.ts';
import type { Session } from './account.ts';
import type { Outcome } from './http.ts';

/** A device's socket, which is made anew for as long as it is wanted. */
export type Line = {
  isUp(): boolean;
  ask<E extends ClientEventName>(event: E, payload: ClientEventPayload<E>): Promise<Outcome<ClientEventResult[E]>>;
  close(): void;
};

type ParleySocket = Socket<ServerToClientEvents, ClientToServerEvents>;

const ANSWER_MS = 8_000;
const CONNECT_MS = 6_000;
const AGAIN_MS = { from: 200, to: 2_000 };

/** Connects to any of the entries, and to any of them again whenever the connection ends. */
export function openLine(o: {
  entries: readonly string[];
  session: Session;
  random: Random;
  onReady(): void;
  listen(socket: ParleySocket): void;
}): Line {
  let socket: ParleySocket | undefined;
  let isReady = false;
  let isWanted = true;
  let timer: NodeJS.Timeout | undefined;

  const again = (): void => {
    isReady = false;
    socket?.removeAllListeners();
    socket?.disconnect();
    socket = undefined;
    clearTimeout(timer);
    if (isWanted) timer = setTimeout(connect, o.random.int(AGAIN_MS.from, AGAIN_MS.to));
  };
  const renewThenAgain = (): void => void o.session.renew().then(again, again);

  const connect = (): void => {
    if (!isWanted) return;
    const made: ParleySocket = io(o.random.pick(o.entries), {
      auth: { token: o.session.token() },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: CONNECT_MS,
    });
    socket = made;
    // A gateway that is paused takes the connection and never greets.
    timer = setTimeout(again, CONNECT_MS);
    made.on('ready', () => {
      clearTimeout(timer);
      isReady = true;
      o.onReady();
    });
    made.on('connect_error', (error) => (isUnauthorized(error) ? renewThenAgain() : again()));
    made.on('disconnect', again);
    made.on('session:revoked', renewThenAgain);
    made.on('drain', again);
    o.listen(made);
  };
  connect();

  return {
    isUp: () => isReady,
    ask: async (event, payload) => {
      if (!socket || !isReady) return { kind: 'unknown' };
      try {
        const patient = socket.timeout(ANSWER_MS) as unknown as Pick<Socket, 'emitWithAck'>;
        const answer = (await patient.emitWithAck(event, payload)) as Ack<ClientEventResult[typeof event]>;
        return answer.ok ? { kind: 'ok', value: answer } : { kind: 'refused', code: answer.error.code };
      } catch {
        return { kind: 'unknown' };
      }
    },
    close: () => {
      isWanted = false;
      again();
    },
  };
}

const isUnauthorized = (error: Error): boolean =>
  'data' in error && (error.data as { code?: unknown } | undefined)?.code === 'unauthorized';
