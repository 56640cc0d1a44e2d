import { messagesAnswer, type Message } from '@parley/contracts';
import { GENESIS_HASH, type ChatId } from '@parley/domain';
import { eventually } from '@parley/testing';
import { MongoClient } from 'mongodb';
import { expect } from 'vitest';
import { createBrokerPeers, createChatWorld, get, openChat, type Person } from './chat-instance.fixture.ts';

/** Two instances on one set of engines, a listener to their events, and what every fault must leave true. */
export async function createFaultWorld() {
  const world = await createChatWorld();
  const [api, other] = [await world.start(), await world.start()];
  const peers = await createBrokerPeers(world.engines.rabbitUrl);
  const mongo = new MongoClient(world.engines.mongoUri);
  const messages = mongo.db(world.engines.database).collection('messages');
  const toldIds = () => new Set(peers.events.map(({ id }) => id));

  return {
    world,
    api,
    other,
    chatOfTwo: async () => {
      const [ada, bob] = [await world.person(), await world.person()];
      return { ada, bob, chatId: await openChat(api, ada, bob) };
    },
    history: async (as: Person, chatId: ChatId): Promise<Message[]> => {
      const { body } = await get(api, `/api/v1/chat/message/${chatId}?limit=200`, as);
      return messagesAnswer.parse(body).messages;
    },
    /** What was told so far. */
    events: () => peers.events,
    /** Each message is told at least once, in a time that is wide: the other specs keep the machine busy. */
    expectTold: (sent: Message[]) =>
      eventually(() => expect(sent.filter(({ id, rev }) => !toldIds().has(`message:${id}:${rev}`))).toEqual([]), {
        timeoutMs: 20_000,
      }),
    expectOutboxEmpty: () =>
      eventually(async () => expect(await messages.countDocuments({ outbox: { $exists: true } })).toBe(0)),
    dispose: async () => {
      await peers.close();
      await mongo.close();
      await world.dispose();
    },
  };
}
export type FaultWorld = Awaited<ReturnType<typeof createFaultWorld>>;

/** A whole chat: no hole, nothing twice, and an unbroken hash chain. */
export function expectDense(messages: Message[]): void {
  expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
  expect(messages.map(({ rev }) => rev)).toEqual(messages.map((_, index) => index + 1));
  const hashes = messages.map(({ hash }) => hash);
  expect(messages.map(({ prevHash }) => prevHash)).toEqual([GENESIS_HASH, ...hashes].slice(0, messages.length));
}
