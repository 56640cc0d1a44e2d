import type { GatewayServer } from './socket-types.ts';

/** The longest that a packet waits for company: nobody sees a tick come this much later. */
const LATE_MS = 50;

export type LateWrites = {
  /**
   * What is emitted within `emit`, which must be synchronous, may wait to be written together with what follows.
   * @param room whose clients can wait; all by default
   */
  late(emit: () => void, room?: string): void;
};

/** The parts of Engine.IO's socket and of its WebSocket transport that are used here; its types hide them. */
type Engine = {
  flush(): void;
  transport: { socket?: { _socket?: { cork(): void; uncork(): void } } };
};

/**
 * Lets packets that nobody waits for (receipts, their acknowledgements, somebody's own message) travel with those that follow: a write to the network costs more
 * than all else that is done for a packet, and a chat's receipts would be half of all writes. They go with the next packet to the same
 * client, or by themselves within LATE_MS. Several packets for one client are one write.
 *
 * Where Engine.IO has no `flush` to hold back, all is written at once, as if this were not here.
 */
export function createLateWrites(io: GatewayServer): LateWrites {
  const held = new Set<() => void>();
  const socketIds = new WeakMap<object, string>();
  let isLate = false;
  let lateRoom: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  const flushHeld = (): void => {
    timer = undefined;
    const all = [...held];
    held.clear();
    for (const flush of all) flush();
  };

  const mayWait = (conn: object): boolean => {
    if (!isLate || lateRoom === undefined) return isLate;
    const id = socketIds.get(conn);
    return id !== undefined && io.of('/').adapter.rooms.get(lateRoom)?.has(id) === true;
  };

  io.on('connection', (socket) => void socketIds.set(socket.conn, socket.id));
  io.engine.on('connection', (conn: object) => {
    const engine = conn as Engine;
    if (typeof engine.flush !== 'function') return;
    const flush = engine.flush.bind(engine);
    const flushNow = (): void => {
      held.delete(flushNow);
      const stream = engine.transport.socket?._socket;
      stream?.cork();
      flush();
      stream?.uncork();
    };
    engine.flush = () => {
      if (!mayWait(conn)) return flushNow();
      held.add(flushNow);
      timer ??= setTimeout(flushHeld, LATE_MS);
    };
  });

  return {
    late: (emit, room) => {
      isLate = true;
      lateRoom = room;
      try {
        emit();
      } finally {
        isLate = false;
      }
    },
  };
}
