import type { ClientToServerEvents, Message, ServerToClientEvents } from '@parley/contracts';
import type { ChatId, ClientMessageId } from '@parley/domain';
import type { Socket } from 'socket.io-client';

export type Client = Socket<ServerToClientEvents, ClientToServerEvents>;

export type PairScore = {
  /** A message reached the other member, `ms` after it was sent, or should have been. */
  delivered(ms: number): void;
  acknowledged(ms: number): void;
  receipt(): void;
  refused(code: string): void;
  stalled(): void;
};

export type PairTally = { acknowledged: number; pushed: number; lost: number; doubled: number; head: number };

/** Two people who write to each other in some manner. */
export type Pair = {
  play(): void;
  /** Finishes what is under way and counts. */
  stop(): Promise<PairTally>;
};

export type PairOptions = {
  clients: readonly [Client, Client];
  userIds: readonly [string, string];
  chatId: ChatId;
  text: string;
  score: PairScore;
};

export type PairLink = {
  /** Sends until it is acknowledged; a refusal is tried again with the same id. */
  send(sender: 0 | 1, id: ClientMessageId): void;
  /** Acknowledged and not pushed yet. */
  missing(): number;
  tally(): PairTally;
};

const RETRY_MS = 100;

/** What every manner of writing has in common: it sends, reports what came as delivered, and remembers what came of each message. */
export function linkPair(
  o: PairOptions,
  on: { acknowledged(id: ClientMessageId): void; pushed(id: ClientMessageId): void },
): PairLink {
  const { clients, userIds, chatId, text, score } = o;
  const acknowledged = new Set<string>();
  const pushed = new Set<string>();
  let doubled = 0;
  let head = 0;

  const send = (sender: 0 | 1, id: ClientMessageId): void => {
    clients[sender].emit('sendMessage', { chatId, clientMessageId: id, text }, (answer) => {
      if (!answer.ok) {
        score.refused(answer.error.code);
        setTimeout(() => send(sender, id), RETRY_MS);
        return;
      }
      acknowledged.add(id);
      head = Math.max(head, answer.message.seq);
      on.acknowledged(id);
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
    on.pushed(message.clientMessageId);
  };

  clients.forEach((client, index) => {
    // Both members are pushed every message and every receipt; what counts is what came from the other.
    const own = userIds[index];
    client.on('message', ({ message }) => message.senderId !== own && receive(client, message));
    client.on('message:delivered', ({ userId }) => userId !== own && score.receipt());
  });

  const missing = (): number => [...acknowledged].filter((id) => !pushed.has(id)).length;
  return {
    send,
    missing,
    tally: () => ({ acknowledged: acknowledged.size, pushed: pushed.size, lost: missing(), doubled, head }),
  };
}

const LAST_PUSH_MS = 5_000;

/** Waits for the last pushes, but not for ever. */
export async function untilSettled(isSettled: () => boolean): Promise<void> {
  const deadline = performance.now() + LAST_PUSH_MS;
  while (!isSettled() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
}
