import { chatsAnswer, marksAnswer, syncAnswer, type MarksById } from '@parley/contracts';
import type { ChatId, UserId } from '@parley/domain';
import { eventually } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { get, post, send, type Person } from '../../chat-instance.fixture.ts';
import { useBrokerPeers, useChatApi } from '../../chat-spec.fixture.ts';

const t = useChatApi();
const broker = useBrokerPeers(t);

const profile = { username: 'x', displayName: 'X', bio: '', avatarUrl: null, privacyChanged: true };
const show = (userId: UserId, readReceipts: boolean, at: string) =>
  broker.peers.userEvents.publish({
    id: `user.updated:${userId}:${at}`,
    type: 'user.updated',
    version: 1,
    at,
    payload: { ...profile, userId, privacy: { lastSeen: 'everyone', readReceipts } },
  });
const mark = (as: Person, kind: 'delivered' | 'seen', chatId: ChatId, seq: number) =>
  post(t.api, `/api/v1/chat/${kind}`, { chatId, seq }, as);
const chatOf = async (texts: number) => {
  const { ada, bob, chatId } = await t.chatOfTwo();
  for (let n = 0; n < texts; n += 1) await send(t.api, ada, chatId, `${n}`);
  return { ada, bob, chatId };
};
/** The marks of a chat, on every way that shows them to somebody. */
const everywhere = async (as: Person, chatId: ChatId): Promise<MarksById[]> => {
  const { chats } = chatsAnswer.parse((await get(t.api, '/api/v1/chat/all', as)).body);
  const synced = await post(t.api, '/api/v1/chat/sync', { cursors: { [chatId]: 1_000 } }, as);
  const { head } = await broker.peers.rpc.call('chat.authorize', { callerId: as.id, chatId });
  const { heads } = await broker.peers.rpc.call('chat.heads', { callerId: as.id, chatIds: [chatId] });
  const { chat } = await broker.peers.rpc.call('chat.present', { callerId: as.id, chatId });
  const { marks } = marksAnswer.parse((await mark(as, 'delivered', chatId, 0)).body);
  const seen = [
    chats[0]?.marks,
    syncAnswer.parse(synced.body).chats[0]?.marks,
    head.marks,
    heads[chatId]?.marks,
    chat.marks,
    marks,
  ];
  return seen.map((one) => one ?? {});
};
const expectEverywhere = async (as: Person, chatId: ChatId, marks: MarksById) => {
  for (const shown of await everywhere(as, chatId)) expect(shown).toEqual(marks);
};

describe('read receipts that are hidden', () => {
  it('are shown to nobody but the reader, in either direction, until they are shown again', async () => {
    const { ada, bob, chatId } = await chatOf(3);
    await mark(bob, 'seen', chatId, 1);
    await mark(ada, 'seen', chatId, 2);
    const [adas, bobs] = [
      { delivered: 2, seen: 2 },
      { delivered: 1, seen: 1 },
    ];
    await expectEverywhere(ada, chatId, { [ada.id]: adas, [bob.id]: bobs });

    await show(bob.id, false, '2026-01-01T00:00:02.000Z');
    await eventually(() => expectEverywhere(ada, chatId, { [ada.id]: adas, [bob.id]: { delivered: 1, seen: 0 } }));
    await expectEverywhere(bob, chatId, { [ada.id]: { delivered: 2, seen: 0 }, [bob.id]: bobs });

    await show(bob.id, true, '2026-01-01T00:00:03.000Z');
    await eventually(() => expectEverywhere(ada, chatId, { [ada.id]: adas, [bob.id]: bobs }));
    // A late repeat is older.
    await show(bob.id, false, '2026-01-01T00:00:02.000Z');
    await show(ada.id, true, '2026-01-01T00:00:02.000Z');
    await expectEverywhere(bob, chatId, { [ada.id]: adas, [bob.id]: bobs });
  });

  it('are told to the reader’s own devices; the other learns that it arrived', async () => {
    const { ada, bob, chatId } = await chatOf(2);
    await show(ada.id, false, '2026-01-01T00:00:02.000Z');
    await eventually(async () => {
      await mark(bob, 'seen', chatId, 1);
      await expectEverywhere(bob, chatId, { [ada.id]: { delivered: 0, seen: 0 }, [bob.id]: { delivered: 1, seen: 1 } });
      await expectEverywhere(ada, chatId, { [ada.id]: { delivered: 0, seen: 0 }, [bob.id]: { delivered: 1, seen: 0 } });
    });
    await mark(bob, 'seen', chatId, 2);
    const told = () =>
      broker.peers.events.flatMap((event) =>
        event.type === 'receipt.updated' && event.payload.chatId === chatId && event.payload.seq === 2
          ? [event.payload]
          : [],
      );
    await eventually(() =>
      expect(told()).toEqual([
        expect.objectContaining({ kind: 'seen', userId: bob.id, audience: [bob.id] }),
        expect.objectContaining({
          kind: 'delivered',
          userId: bob.id,
          audience: [ada.id],
          marks: { delivered: 2, seen: 0 },
        }),
      ]),
    );
  });
});
