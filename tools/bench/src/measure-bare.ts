import { nextMessage, startChild } from './child.ts';
import type { PairPlan } from './driver-protocol.ts';
import { measure, type Measured } from './measure.ts';

/** Measures the bare relay with the same driver, the same number of pairs and the same time. */
export async function measureBare(
  o: Omit<Parameters<typeof measure>[0], 'name' | 'urls' | 'pairs' | 'pids'> & { pairs: number },
): Promise<Measured> {
  const relay = startChild('./bare-relay.ts');
  try {
    const { port } = await nextMessage<{ port: number }>(relay);
    const player = (id: string) => ({ userId: id, token: id });
    const pairs = Array.from({ length: o.pairs }, (_none, at): PairPlan => {
      const [a, b] = [`left-${at}`, `right-${at}`];
      return { chatId: `${a}:${b}`, players: [player(a), player(b)] };
    });
    const urls = [`http://127.0.0.1:${port}`];
    return await measure({ ...o, name: 'bare Socket.IO', urls, pairs, pids: { relay: relay.pid ?? 0 } });
  } finally {
    relay.disconnect();
  }
}
