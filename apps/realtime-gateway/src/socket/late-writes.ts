import type { GatewayServer } from './socket-types.ts';

/** The longest that a packet waits for company: nobody sees a tick come this much later. */
const LATE_MS = 50;

export type LateWrites = {
  /** What is emitted within `emit`, which must be synchronous, may wait to be written together with what follows. */
  late(emit: () => void): void;
};

/** The parts of Engine.IO's socket and of its WebSocket transport that are used here; its types hide them. */
type Engine = {
  flush(): void;
  transport: { socket?: { _socket?: { cork(): void; uncork(): void } } };
};

/**
 * Lets packets that nobody waits for (receipts and their acknowledgements) travel with those that follow: a write to the network costs more
 * than all else that is done for a packet, and a chat's receipts would be half of all writes. They go with the next packet to the same
 * client, or by themselves within LATE_MS. Several packets for one client are one write.
 *
 * Where Engine.IO has no `flush` to hold back, all is written at once, as if this were not here.
 */
export function createLateWrites(io: GatewayServer): LateWrites {
  const held = new Set<() => void>();
  let isLate = false;
  let timer: NodeJS.Timeout | undefined;

  const flushHeld = (): void => {
    timer = undefined;
    const all = [...held];
    held.clear();
    for (const flush of all) flush();
  };

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
      if (!isLate) return flushNow();
      held.add(flushNow);
      timer ??= setTimeout(flushHeld, LATE_MS);
    };
  });

  return {
    late: (emit) => {
      isLate = true;
      try {
        emit();
      } finally {
        isLate = false;
      }
    },
  };
}
