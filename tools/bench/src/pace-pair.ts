import { randomUUID } from 'node:crypto';
import type { ClientMessageId } from '@parley/domain';
import { untilSettled, type Pair, type PairOptions } from './pair-link.ts';

/**
 * Writes at a fixed pace, by turns, whatever comes back (an open loop). Times count from when a message was due, not from when it was
 * sent: a driver or a server that falls behind is not spared the waiting it causes (no coordinated omission).
 *
 * @param o.everyMs between two messages of this pair; the first is due at a random part of it, so that pairs don't march in step
 */
export function createPacedPair(o: PairOptions & { everyMs: number }): Pair {
  const { score, everyMs } = o;
  const due = new Map<ClientMessageId, number>();
  const unacknowledged = new Map<ClientMessageId, number>();
  let timer: NodeJS.Timeout | undefined;
  let dueAt = 0;
  let sender: 0 | 1 = 0;

  const link = o.link({
    acknowledged: (id) => {
      score.acknowledged(performance.now() - (unacknowledged.get(id) ?? 0));
      unacknowledged.delete(id);
    },
    pushed: (id) => {
      score.delivered(performance.now() - (due.get(id) ?? 0));
      due.delete(id);
    },
  });

  const sendDue = (): void => {
    for (const now = performance.now(); dueAt <= now; dueAt += everyMs) {
      const id = randomUUID() as ClientMessageId;
      due.set(id, dueAt);
      unacknowledged.set(id, dueAt);
      link.send(sender, id);
      sender = sender === 0 ? 1 : 0;
    }
    timer = setTimeout(sendDue, dueAt - performance.now());
  };

  return {
    play: () => {
      dueAt = performance.now() + Math.random() * everyMs;
      timer = setTimeout(sendDue, dueAt - performance.now());
    },
    stop: async () => {
      clearTimeout(timer);
      await untilSettled(() => unacknowledged.size === 0 && link.missing() === 0);
      for (let left = unacknowledged.size; left > 0; left -= 1) score.stalled();
      return link.tally();
    },
  };
}
