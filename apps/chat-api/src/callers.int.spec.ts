import { describe, expect, it } from 'vitest';
import { get, openChat } from './chat-instance.fixture.ts';
import { useChatApi } from './chat-spec.fixture.ts';

const t = useChatApi();

describe('many people at once', () => {
  it('each get their own answer', async () => {
    const hub = await t.world.person();
    const people = await Promise.all(Array.from({ length: 10 }, () => t.world.person()));
    const chats = await Promise.all(people.map((person) => openChat(t.api, person, hub)));
    const lists = await Promise.all(
      people.flatMap((as) => [as, as, as]).map((as) => get(t.api, '/api/v1/chat/all', as)),
    );
    expect(lists.map(({ body }) => (body as { chats: { id: string }[] }).chats.map(({ id }) => id))).toEqual(
      chats.flatMap((id) => [[id], [id], [id]]),
    );
  });
});
