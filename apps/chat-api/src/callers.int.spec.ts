import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChatWorld, get, openChat, type ChatWorld, type Instance } from './chat-instance.fixture.ts';

let world: ChatWorld;
let api: Instance;
beforeAll(async () => {
  world = await createChatWorld();
  api = await world.start();
});
afterAll(() => world.dispose());

describe('many people at once', () => {
  it('each get their own answer', async () => {
    const hub = await world.person();
    const people = await Promise.all(Array.from({ length: 10 }, () => world.person()));
    const chats = await Promise.all(people.map((person) => openChat(api, person, hub)));
    const lists = await Promise.all(people.flatMap((as) => [as, as, as]).map((as) => get(api, '/api/v1/chat/all', as)));
    expect(lists.map(({ body }) => (body as { chats: { id: string }[] }).chats.map(({ id }) => id))).toEqual(
      chats.flatMap((id) => [[id], [id], [id]]),
    );
  });
});
