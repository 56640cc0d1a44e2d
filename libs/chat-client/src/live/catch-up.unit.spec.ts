import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHAT, ME, OTHER } from '../chat/fixtures.fixture.ts';
import { ModelServer } from '../chat/model-server.fixture.ts';
import { cursorOf } from '../chat/timeline.ts';
import { sha256 } from '../ledger/sha256.ts';
import { verifyAll } from '../ledger/verify-all.ts';
import { clientOf, runtime, say } from './catch-up-world.fixture.ts';

describe('catching up', () => {
  it(
    'ends with exactly what is on the server, page by page, while it goes on changing',
    { timeout: 60_000 },
    async () => {
      const story = fc.record({
        before: fc.integer({ min: 0, max: 30 }),
        missed: fc.integer({ min: 0, max: 40 }),
        pageSize: fc.integer({ min: 1, max: 9 }),
        deeds: fc.array(
          fc.record({
            do: fc.constantFrom('edit', 'delete', 'react'),
            nth: fc.nat(80),
            by: fc.constantFrom(ME, OTHER),
          }),
          { maxLength: 40 },
        ),
      });
      await fc.assert(
        fc.asyncProperty(story, async ({ before, missed, pageSize, deeds }) => {
          const server = new ModelServer(pageSize);
          say(server, before);
          const left = [...deeds];
          const client = clientOf(server, () => {
            const deed = left.shift();
            if (deed !== undefined) server.apply(deed);
          });
          await client.list({ whole: true });
          await client.history.newest(CHAT);
          say(server, missed);
          while (left.length > 0) await client.catcher.ask();
          await client.catcher.ask();
          const { messages } = client.chat().timeline;
          expect(messages).toEqual(server.messages.slice((messages[0]?.seq ?? 1) - 1));
          expect(client.chat().revisions.cursor).toBe(server.rev);
          expect(client.store.getState().catchingUp).toBe(false);
          expect(client.events).toEqual([]);
        }),
        { numRuns: 100 },
      );
    },
  );

  it('loads a history by itself where something in it waits to be acknowledged', async () => {
    const server = new ModelServer(50);
    say(server, 7);
    const client = clientOf(server);
    await client.list({ whole: true });
    expect(client.chat().timeline.loaded).toBe(false);
    await client.catcher.ask();
    expect(cursorOf(client.chat().timeline)).toBe(7);
  });

  it('waits for a push that was overtaken, and fetches what does not come', async () => {
    const server = new ModelServer(50);
    say(server, 3);
    const client = clientOf(server);
    await client.list({ whole: true });
    await client.history.newest(CHAT);
    client.requests.length = 0;
    server.apply({ do: 'send', by: OTHER });
    client.hear(server.apply({ do: 'send', by: OTHER })!);
    expect([cursorOf(client.chat().timeline), client.requests]).toEqual([3, []]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(cursorOf(client.chat().timeline)).toBe(5);
    expect(client.requests).toEqual(['POST sync']);
  });

  it('begins anew from the newest page where too much was missed to be read', { timeout: 60_000 }, async () => {
    const server = new ModelServer(50);
    say(server, 3);
    const client = clientOf(server);
    await client.list({ whole: true });
    await client.history.newest(CHAT);
    say(server, 10_500);
    client.requests.length = 0;
    client.hear({ type: 'head', head: server.head, marks: {} });
    await client.catcher.ask();
    expect(client.chat().timeline.messages.map((m) => m.seq)).toEqual(server.messages.slice(-50).map((m) => m.seq));
    expect(client.requests.length).toBeLessThan(4);
  });

  it('verifies a whole ledger, and finds where it was broken behind the client’s back', async () => {
    const server = new ModelServer(7);
    say(server, 40);
    const client = clientOf(server);
    await client.list({ whole: true });
    await client.history.newest(CHAT);
    const seen: number[] = [];
    const verify = () =>
      verifyAll({ ...client, sha256, runtime }, CHAT, (upTo) => seen.push(upTo), new AbortController().signal);
    expect(await verify()).toEqual({ upTo: 40, problems: [] });
    expect(seen).toEqual([7, 14, 21, 28, 35, 40]);
    server.messages = server.messages.with(11, { ...server.messages[11]!, text: 'never said' });
    expect((await verify()).problems).toEqual([{ kind: 'body', seq: 12 }]);
    server.messages = server.messages.filter((message) => message.seq !== 20);
    expect((await verify()).problems).toContainEqual({ kind: 'missing', seq: 20 });
  });
});
