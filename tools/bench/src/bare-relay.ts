import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientToServerEvents, Message, ServerToClientEvents } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import { Server, type DefaultEventsMap } from 'socket.io';

/**
 * The least that a chat over Socket.IO can cost: it passes messages and receipts of the same shapes on within one process,
 * checks nothing and keeps nothing. A client's token is its user id; chats are `<user>:<user>`.
 */
const http = createServer();
const io = new Server<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, { userId: UserId }>(http, {
  transports: ['websocket'],
  perMessageDeflate: false,
});
const HASH = createHash('sha256').digest('hex');
const heads = new Map<string, number>();

io.on('connection', (socket) => {
  const userId = String(socket.handshake.auth['token']) as UserId;
  void socket.join(userId);
  socket.emit('ready', { userId, serverTime: new Date().toISOString() });

  socket.on('sendMessage', ({ chatId, clientMessageId, text }, acknowledge) => {
    const seq = (heads.get(chatId) ?? 0) + 1;
    heads.set(chatId, seq);
    const message: Message = {
      id: randomUUID() as Message['id'],
      chatId,
      seq,
      rev: seq,
      senderId: userId,
      clientMessageId,
      text: text ?? null,
      image: null,
      replyToSeq: null,
      reactions: [],
      createdAt: new Date().toISOString(),
      editedAt: null,
      deletedAt: null,
      prevHash: HASH,
      bodyHash: HASH,
      hash: HASH,
    };
    acknowledge({ ok: true, message });
    io.to(chatId.split(':')).emit('message', { message });
  });
  socket.on('delivered', ({ chatId, seq }, acknowledge) => {
    acknowledge({ ok: true, marks: { [userId]: { delivered: seq, seen: 0 } } });
    io.to(chatId.split(':')).emit('message:delivered', {
      chatId,
      userId,
      seq,
      hash: HASH,
      at: new Date().toISOString(),
    });
  });
});

http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
