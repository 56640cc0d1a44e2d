import type { ChatId } from '@parley/domain';
import { io } from 'socket.io-client';
import type { Player } from './driver-protocol.ts';
import { linkSockets, type Client } from './link-sockets.ts';
import { runDriver } from './run-driver.ts';

function connectPlayer(url: string, { token }: Player): { client: Client; ready: Promise<void> } {
  const client: Client = io(url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false });
  const ready = new Promise<void>((resolve, reject) => {
    client.once('ready', () => resolve());
    client.once('connect_error', reject);
  });
  return { client, ready };
}

runDriver((plan, { urls, text, score }) => {
  const [a, b] = [connectPlayer(urls[0], plan.players[0]), connectPlayer(urls[1], plan.players[1])];
  const clients = [a.client, b.client] as const;
  const userIds = [plan.players[0].userId, plan.players[1].userId] as const;
  for (const client of clients) client.on('disconnect', (reason) => score.refused(`disconnected: ${reason}`));
  return {
    ready: Promise.all([a.ready, b.ready]),
    link: (on) => linkSockets({ clients, userIds, chatId: plan.chatId as ChatId, text, score }, on),
    close: () => clients.forEach((client) => void client.off('disconnect').close()),
  };
});
