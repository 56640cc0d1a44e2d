import { randomUUID } from 'node:crypto';
import type { ClientMessageId } from '@parley/domain';
import { untilSettled, type Pair, type PairOptions } from './pair-link.ts';

const STALL_MS = 5_000;

type Turn = { id: ClientMessageId; sender: 0 | 1; startedAt: number; acked: boolean; pushed: boolean };

/**
 * Plays ping-pong: one sends, the other answers as soon as the message was pushed to it and was acknowledged to its sender.
 * So there is always one message in flight, and each is durable before the next (a closed loop).
 */
export function createPair(o: PairOptions): Pair {
  const { score } = o;
  let isPlaying = false;
  let turn: Turn | undefined;

  const settle = (current: Turn): void => {
    if (current.acked && current.pushed) next(current.sender === 0 ? 1 : 0);
  };
  const link = o.link({
    acknowledged: (id) => {
      if (turn?.id !== id || turn.acked) return;
      score.acknowledged(performance.now() - turn.startedAt);
      turn.acked = true;
      settle(turn);
    },
    pushed: (id) => {
      if (turn?.id !== id) return;
      score.delivered(performance.now() - turn.startedAt);
      turn.pushed = true;
      settle(turn);
    },
  });
  const next = (sender: 0 | 1): void => {
    turn = undefined;
    if (!isPlaying) return;
    turn = { id: randomUUID() as ClientMessageId, sender, startedAt: performance.now(), acked: false, pushed: false };
    link.send(sender, turn.id);
  };

  const watchdog = setInterval(() => {
    if (!turn || performance.now() - turn.startedAt < STALL_MS) return;
    score.stalled();
    next(turn.sender);
  }, 1_000);

  return {
    play: () => {
      isPlaying = true;
      next(0);
    },
    stop: async () => {
      isPlaying = false;
      await untilSettled(() => turn === undefined && link.missing() === 0);
      clearInterval(watchdog);
      return link.tally();
    },
  };
}
