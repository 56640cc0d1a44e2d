import type { Head } from '@parley/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClientStore } from '../chat/client-state.ts';
import { CHAT, ME, OTHER } from '../chat/fixtures.fixture.ts';
import { ModelServer } from '../chat/model-server.fixture.ts';
import type { ChatHeard } from '../chat/step.ts';
import { cursorOf } from '../chat/timeline.ts';
import type { ClientEvent } from '../events.ts';
import type { ApiRequest, Exchange } from '../http/exchange.ts';
import { sha256 } from '../ledger/sha256.ts';
import { verifyAll } from '../ledger/verify-all.ts';
import { systemRuntime, type Runtime } from '../ports.ts';
import { catchUpChats } from './catch-up.ts';
import { createCatcher } from './catcher.ts';
import { createChats } from './chats.ts';
import { createHistory } from './history.ts';
import { fetchList } from './list.ts';

const runtime: Runtime = {
  ...systemRuntime,
  clock: { now: () => 0, schedule: (run) => (queueMicrotask(run), () => undefined) },
};

/** The HTTP side of a model server. Whatever is asked, `meanwhile` happens between its reading of the head and of the messages. */
function serve(server: ModelServer, meanwhile: () => void) {
  const requests: string[] = [];
  const pageOf = (answer: ChatHeard) => (answer.type === 'page' ? answer : undefined);
  const answerTo = (path: string, query: Record<string, unknown>, body: unknown, head: Head): unknown => {
    if (path.endsWith('/all')) return { chats: [server.line()], nextCursor: null };
    if (path.endsWith('/users')) return { users: [] };
    if (path.endsWith('/sync')) {
      const from = (body as { cursors: Record<string, number> }).cursors[CHAT] ?? 0;
      return { chats: [{ id: CHAT, ...server.answer({ for: 'sync', from }, head) }] };
    }
    const { before, after } = query as { before?: number; after?: number };
    const ask =
      before === undefined && after === undefined
        ? ({ for: 'newest' } as const)
        : ({ for: 'next', before, after } as never);
    const messages = pageOf(server.answer(ask, head))?.messages ?? [];
    return { messages, head, hasMore: after !== undefined && (messages.at(-1)?.seq ?? head.seq) < server.head.seq };
  };
  const exchange: Exchange = async <T>({ method, path, query, body, answer }: ApiRequest<T>): Promise<T> => {
    requests.push(`${method} ${path.split('/').at(-1)}`);
    const { head } = server;
    meanwhile();
    await Promise.resolve();
    return answer!.parse(answerTo(path, query ?? {}, body, head));
  };
  return { exchange, requests };
}

function clientOf(server: ModelServer, meanwhile: () => void = () => undefined) {
  const { exchange, requests } = serve(server, meanwhile);
  const store = createClientStore(ME);
  const events: ClientEvent[] = [];
  const chats = createChats({ store, sha256, emit: (event) => events.push(event), fetch: (o) => catcher.fetch(o) });
  const history = createHistory({ exchange, store, chats });
  const list = (options: { whole: boolean }) => fetchList({ exchange, store, chats }, options);
  const catcher = createCatcher({
    runtime,
    catchUp: (options) => catchUpChats({ exchange, store, chats, history, runtime, fetchList: list }, options),
    onRunning: (catchingUp) => store.setState({ catchingUp }),
  });
  const hear = (heard: ChatHeard) => chats.hear({ chatId: CHAT, heard });
  const chat = () => store.getState().chats[CHAT]!;
  return { exchange, requests, store, events, history, list, catcher, hear, chat };
}

const say = (server: ModelServer, times: number) => {
  for (let n = 0; n < times; n += 1) server.apply({ do: 'send', by: n % 2 === 0 ? OTHER : ME });
};

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
