import { setTimeout as sleep } from 'node:timers/promises';
import { GENESIS_HASH, type ChatId } from '@parley/domain';
import { createTcpProxy, eventually, newChatId, newClientMessageId } from '@parley/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { get, openChat, send, type Person } from './chat-instance.fixture.ts';
import { useBrokerPeers, useChatApi } from './chat-spec.fixture.ts';

const t = useChatApi();
const broker = useBrokerPeers(t);
let ada: Person;
let bob: Person;
let eve: Person;
let chatId: ChatId;
beforeAll(async () => {
  [ada, bob, eve] = [await t.world.person(), await t.world.person(), await t.world.person()];
  chatId = await openChat(t.api, ada, bob);
  await eventually(() => broker.peers.rpc.call('chat.authorize', { callerId: ada.id, chatId }));
});

describe('chat.commands', () => {
  it('sends as HTTP does: one use case, one idempotency', async () => {
    const input = { chatId, clientMessageId: newClientMessageId(), text: 'over RPC' };
    const { message } = await broker.peers.rpc.call('chat.sendMessage', { callerId: ada.id, ...input });
    expect(message).toMatchObject({ chatId, senderId: ada.id, text: 'over RPC', seq: 1, prevHash: GENESIS_HASH });
    const again = await broker.peers.rpc.call('chat.sendMessage', { callerId: ada.id, ...input });
    expect(again).toEqual({ message });
    const overHttp = await send(t.api, ada, chatId, input.text, { clientMessageId: input.clientMessageId });
    expect(overHttp).toEqual({ status: 200, body: { message } });
    await expect(
      broker.peers.rpc.call('chat.sendMessage', { callerId: ada.id, ...input, text: 'other' }),
    ).rejects.toMatchObject({ code: 'idempotency_conflict' });
  });

  it('authorizes members and shows them where the chat ends', async () => {
    await send(t.api, ada, chatId, 'more');
    const { body } = await get(t.api, `/api/v1/chat/message/${chatId}`, bob);
    const { head } = body as { head: object };
    await broker.peers.rpc.call('chat.markDelivered', { callerId: bob.id, chatId, seq: 1 });
    expect(await broker.peers.rpc.call('chat.authorize', { callerId: bob.id, chatId })).toEqual({
      members: [ada.id, bob.id].sort(),
      head: { ...head, marks: { [ada.id]: { delivered: 0, seen: 0 }, [bob.id]: { delivered: 1, seen: 0 } } },
    });
  });

  it('marks, and presents a chat to each member with their own unread count', async () => {
    const before = await broker.peers.rpc.call('chat.present', { callerId: bob.id, chatId });
    const { lastSeq } = before.chat;
    expect(before.chat).toMatchObject({ id: chatId, unread: lastSeq, lastMessage: { seq: lastSeq } });
    const { marks } = await broker.peers.rpc.call('chat.markSeen', { callerId: bob.id, chatId, seq: lastSeq });
    expect(marks[bob.id]).toEqual({ delivered: lastSeq, seen: lastSeq });
    expect((await broker.peers.rpc.call('chat.present', { callerId: bob.id, chatId })).chat.unread).toBe(0);
    expect((await broker.peers.rpc.call('chat.present', { callerId: ada.id, chatId })).chat.unread).toBe(0);
  });

  it('compares heads of own chats; others are left out as if they did not exist', async () => {
    const foreign = await openChat(t.api, eve, bob);
    const { head } = await broker.peers.rpc.call('chat.authorize', { callerId: ada.id, chatId });
    const ask = () =>
      broker.peers.rpc.call('chat.heads', { callerId: ada.id, chatIds: [chatId, foreign, newChatId()] });
    await eventually(async () => expect(await ask()).toEqual({ heads: { [chatId]: head } }));
  });

  it('refuses strangers on every command, as a chat that does not exist', async () => {
    const asEve = { callerId: eve.id, chatId };
    const notFound = { code: 'chat_not_found', message: 'There is no such chat.' };
    const text = { clientMessageId: newClientMessageId(), text: 'hi' };
    await expect(broker.peers.rpc.call('chat.authorize', asEve)).rejects.toMatchObject(notFound);
    await expect(broker.peers.rpc.call('chat.present', asEve)).rejects.toMatchObject(notFound);
    await expect(broker.peers.rpc.call('chat.sendMessage', { ...asEve, ...text })).rejects.toMatchObject(notFound);
    await expect(broker.peers.rpc.call('chat.markSeen', { ...asEve, seq: 1 })).rejects.toMatchObject(notFound);
    await expect(broker.peers.rpc.call('chat.markDelivered', { ...asEve, seq: 1 })).rejects.toMatchObject(notFound);
    await expect(broker.peers.rpc.call('chat.present', { ...asEve, chatId: newChatId() })).rejects.toMatchObject(
      notFound,
    );
  });

  it('are not taken by an instance that is starting while its database is not ready', async () => {
    const target = new URL(t.world.engines.mongoUri);
    const proxy = await createTcpProxy({ target: { host: target.hostname, port: Number(target.port) } });
    target.port = String(proxy.port);
    proxy.cut();
    const starting = t.world.start({ env: { MONGO_URI: target.href } });
    for (let n = 0; n < 20; n += 1) {
      await broker.peers.rpc.call('chat.authorize', { callerId: ada.id, chatId });
      await sleep(100);
    }
    proxy.restore();
    await (await starting).stop();
    await proxy.close();
  });
});
