import type { Interceptor } from './link.ts';
import { readFrame } from './websocket-frame.ts';

/** What becomes of the pushes on a link. */
export type PushMode = 'pass' | 'drop' | 'double' | 'shuffle';

/** Socket.IO's text of an event, as far as it is a hint: the greeting is none. */
const isPush = (text: string): boolean => text.startsWith('42[') && !text.startsWith('42["ready"');

/** A held push goes out after the next one, or alone after this time. */
const HELD_MS = 150;

/**
 * Stands between clients and a gateway and loses, repeats or reorders pushes, as all that comes after MongoDB may.
 * Acknowledgements, pings and HTTP go through as they are.
 */
export function createPushTamper(mode: () => PushMode): Interceptor {
  return ({ toServer, toClient }) => {
    let isSocket: boolean | undefined;
    let isUpgraded = false;
    let rest: Buffer = Buffer.alloc(0);
    let held: Buffer | undefined;

    const flush = (): void => {
      if (held) toClient(held);
      held = undefined;
    };
    const passPush = (frame: Buffer): void => {
      const now = mode();
      if (now === 'drop') return;
      if (now === 'shuffle' && !held) {
        held = frame;
        setTimeout(flush, HELD_MS).unref();
        return;
      }
      toClient(frame);
      if (now === 'double') toClient(frame);
      flush();
    };
    const passFrames = (): void => {
      for (let frame = readFrame(rest); frame; frame = readFrame(rest)) {
        const bytes = rest.subarray(0, frame.length);
        rest = rest.subarray(frame.length);
        if (frame.text !== undefined && isPush(frame.text)) passPush(bytes);
        else toClient(bytes);
      }
    };

    return {
      fromClient: (chunk) => {
        // A WebSocket has its connection to itself, so the first request tells.
        isSocket ??= /\r\nupgrade: *websocket/i.test(chunk.toString('latin1'));
        toServer(chunk);
      },
      fromServer: (chunk) => {
        if (!isSocket) return toClient(chunk);
        rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
        if (!isUpgraded) {
          const end = rest.indexOf('\r\n\r\n');
          if (end < 0) return;
          toClient(rest.subarray(0, end + 4));
          rest = rest.subarray(end + 4);
          isUpgraded = true;
        }
        passFrames();
      },
    };
  };
}
