import type { ClientToServerEvents, Message, ServerToClientEvents } from '@parley/contracts';
import type { ChatId, ClientMessageId } from '@parley/domain';
import type { Socket } from 'socket.io-client';
import { createMessageLog, type PairEvents, type PairLink, type PairScore } from './pair-link.ts';

export type Client = Socket<ServerToClientEvents, ClientToServerEvents>;

const RETRY_MS = 100;

/** Joins a pair by Parley's events: it sends, and reports what came as delivered. */
export function linkSockets(
  o: {
    clients: readonly [Client, Client];
    userIds: readonly [string, string];
    chatId: ChatId;
    text: string;
    score: PairScore;
  },
  on: PairEvents,
): PairLink {
  const { clients, userIds, chatId, text, score } = o;
  const log = createMessageLog();

  const send = (sender: 0 | 1, id: ClientMessageId): void => {
    clients[sender].emit('sendMessage', { chatId, clientMessageId: id, text }, (answer) => {
      if (!answer.ok) {
        score.refused(answer.error.code);
        setTimeout(() => send(sender, id), RETRY_MS);
        return;
      }
      log.acknowledged(id, answer.message.seq);
      on.acknowledged(id);
    });
  };
  const receive = (client: Client, message: Message): void => {
    if (message.chatId !== chatId || !log.pushed(message.clientMessageId)) return;
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

  return { send, missing: log.missing, tally: log.tally };
}
