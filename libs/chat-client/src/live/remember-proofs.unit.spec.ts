import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHAT, ME, OTHER, sealed } from '../chat/fixtures.fixture.ts';
import { ModelServer } from '../chat/model-server.fixture.ts';
import { createMemoryProofs, type ProofKeeper } from '../ledger/proofs.ts';
import { clientOf, say } from './catch-up-world.fixture.ts';

const PAGE = 10;
const settled = () => new Promise((resolve) => setTimeout(resolve, 2));

function serverOf(messages: number): ModelServer {
  const server = new ModelServer(PAGE);
  say(server, messages);
  return server;
}

/** One session: the list, the newest page, the end. What was found wrong with the chat. */
async function session(server: ModelServer, keeper: ProofKeeper) {
  const client = clientOf(server, undefined, keeper);
  await client.list({ whole: true });
  await client.history.newest(CHAT);
  await settled();
  client.proofs.stop();
  return client.chat().ledger.problems;
}

/** A server that tells another story from `from` on, sound in itself, and ends it at `to`. */
function retold(server: ModelServer, from: number, to: number): ModelServer {
  const other = new ModelServer(PAGE);
  other.messages = server.messages.slice(0, Math.min(from - 1, to));
  while (other.messages.length < to) {
    const seq = other.messages.length + 1;
    const senderId = seq % 2 === 0 ? ME : OTHER;
    const said = { senderId, text: `never said ${seq}`, createdAt: '2026-01-03T12:00:00.000Z', rev: seq };
    other.messages = [...other.messages, sealed(other.messages.at(-1), said)];
  }
  other.rev = to;
  return other;
}

describe('what was verified before', () => {
  it('is kept: the end of the history, the furthest of several tabs', async () => {
    const keeper = createMemoryProofs();
    const server = serverOf(25);
    expect(await session(server, keeper)).toEqual([]);
    expect(await keeper.all()).toEqual(new Map([[CHAT, { seq: 25, hash: server.head.hash }]]));
    await keeper.keep(CHAT, { seq: 20, hash: 'older' });
    expect((await keeper.all()).get(CHAT)?.seq).toBe(25);
    say(server, 3);
    expect(await session(server, keeper)).toEqual([]);
    expect((await keeper.all()).get(CHAT)).toEqual({ seq: 28, hash: server.head.hash });
  });

  it('must be in what the server shows in the next session, wherever that begins', { timeout: 60_000 }, async () => {
    const story = fc.record({
      had: fc.integer({ min: 1, max: 40 }),
      from: fc.integer({ min: 1, max: 60 }),
      to: fc.integer({ min: 0, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(story, async ({ had, from, to }) => {
        const keeper = createMemoryProofs();
        const server = serverOf(had);
        await session(server, keeper);
        const proof = (await keeper.all()).get(CHAT);
        const other = retold(server, Math.min(from, had + 1), to);
        const stands = other.messages[had - 1]?.hash === server.head.hash;
        const expected = stands ? [] : [{ kind: to < had ? 'missing' : 'changed', seq: had }];
        expect(await session(other, keeper)).toEqual(expected);
        // Of a story that contradicts it nothing is remembered.
        expect((await keeper.all()).get(CHAT)).toEqual(stands ? { seq: to, hash: other.head.hash } : proof);
        expect(await session(other, keeper)).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('is read before any history is asked for, and is no condition for one', async () => {
    const server = serverOf(3);
    const proofs = createMemoryProofs();
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const client = clientOf(server, undefined, { ...proofs, all: () => gate.then(() => proofs.all()) });
    await client.list({ whole: true });
    const loading = client.history.newest(CHAT);
    await settled();
    expect(client.chat().timeline.loaded).toBe(false);
    release();
    await loading;
    expect(client.chat().timeline.loaded).toBe(true);
    const broken: ProofKeeper = { ...proofs, all: () => Promise.reject(new Error('no database')) };
    expect(await session(server, broken)).toEqual([]);
  });
});
