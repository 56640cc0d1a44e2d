import { randomUUID } from 'node:crypto';
import type { ClientToServerEvents, Message, ServerToClientEvents } from '@parley/contracts';
import type { ChatId, ClientMessageId } from '@parley/domain';
import type { Socket } from 'socket.io-client';

export type Client = Socket<ServerToClientEvents, ClientToServerEvents>;

export type PairScore = {
  /** A message reached the other member, `ms` after it was sent. */
  delivered(ms: number): void;
  acknowledged(ms: number): void;
  receipt(): void;
  refused(code: string): void;
  stalled(): void;
};

export type PairTally = { acknowledged: number; pushed: number; lost: number; doubled: number; head: number };

export type Pair = {
  play(): void;
  /** Finishes the turn that runs and counts. */
  stop(): Promise<PairTally>;
};

const STALL_MS = 5_000;
const RETRY_MS = 100;
const LAST_PUSH_MS = 5_000;

type Turn = { id: ClientMessageId; sender: 0 | 1; startedAt: number; acked: boolean; pushed: boolean };

/**
 * Plays ping-pong: one sends, the other answers as soon as the message was pushed to it and was acknowledged to its sender.
 * So there is always one message in flight, and each is durable before the next.
 */
export function createPair(o: {
  clients: readonly [Client, Client];
  userIds: readonly [string, string];
  chatId: ChatId;
  text: string;
  score: PairScore;
}): Pair {
  const { clients, userIds, chatId, text, score } = o;
  const acknowledged = new Set<string>();
  const pushed = new Set<string>();
  let doubled = 0;
  let head = 0;
  let isPlaying = false;
  let turn: Turn | undefined;

  const next = (sender: 0 | 1): void => {
    turn = undefined;
    if (!isPlaying) return;
    turn = { id: randomUUID() as ClientMessageId, sender, startedAt: performance.now(), acked: false, pushed: false };
    send(turn);
  };
  const settle = (current: Turn): void => {
    if (current === turn && current.acked && current.pushed) next(current.sender === 0 ? 1 : 0);
  };
  const send = (current: Turn): void => {
    clients[current.sender].emit('sendMessage', { chatId, clientMessageId: current.id, text }, (answer) => {
      if (!answer.ok) {
        score.refused(answer.error.code);
        setTimeout(() => current === turn && send(current), RETRY_MS);
        return;
      }
      acknowledged.add(current.id);
      head = Math.max(head, answer.message.seq);
      score.acknowledged(performance.now() - current.startedAt);
      current.acked = true;
      settle(current);
    });
  };
  const receive = (client: Client, message: Message): void => {
    if (message.chatId !== chatId) return;
    if (pushed.has(message.clientMessageId)) {
      doubled += 1;
      return;
    }
    pushed.add(message.clientMessageId);
    client.emit('delivered', { chatId, seq: message.seq }, (answer) => {
      if (!answer.ok) score.refused(answer.error.code);
    });
    if (turn?.id !== message.clientMessageId) return;
    score.delivered(performance.now() - turn.startedAt);
    turn.pushed = true;
    settle(turn);
  };

  clients.forEach((client, index) => {
    // Both members are pushed every message and every receipt; what counts is what came from the other.
    const own = userIds[index];
    client.on('message', ({ message }) => message.senderId !== own && receive(client, message));
    client.on('message:delivered', ({ userId }) => userId !== own && score.receipt());
  });
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
      const deadline = performance.now() + LAST_PUSH_MS;
      const missing = (): string[] => [...acknowledged].filter((id) => !pushed.has(id));
      while ((turn || missing().length > 0) && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      clearInterval(watchdog);
      return { acknowledged: acknowledged.size, pushed: pushed.size, lost: missing().length, doubled, head };
    },
  };
}
