import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ME, OTHER } from './fixtures.fixture.ts';
import type { ChatState } from './chat-state.ts';
import { firstOf, lastOf } from './runs.ts';
import { step, type ChatHeard, type StepContext } from './step.ts';
import { history, World } from './world.fixture.ts';

/** Whatever happened on the way: once healed, the client has what a client that starts now would load, of what it holds. */
const healsTo = (stepper: typeof step) =>
  fc.property(history, ({ pageSize, happenings }) => {
    const world = new World(pageSize, stepper);
    for (const one of happenings) {
      world.happen(one);
      const { messages } = world.chat.timeline;
      messages.forEach((message, index) => expect(message.seq).toBe(firstOf(messages) + index));
    }
    world.heal();
    const { chat, server } = world;
    const { messages, waiting } = chat.timeline;
    expect(lastOf(messages)).toBe(server.messages.length);
    expect(messages).toEqual(messages.length === 0 ? [] : server.messages.slice(firstOf(messages) - 1));
    expect(waiting).toEqual([]);
    expect(chat.revisions).toEqual({ cursor: server.rev, known: server.rev, early: [] });
    const line = server.line();
    expect(chat.marks).toEqual(line.marks);
    expect(chat.lastMessage).toEqual(line.lastMessage);
    expect(chat.unread).toBe(line.unread);
    // Nothing was tampered with, so nothing may be reported, in whatever order it came.
    expect(world.divergences).toBe(0);
  });

const RUNS = { numRuns: 800 };
const TIMEOUT_MS = 60_000;

describe('a chat', () => {
  it(
    'equals a fresh load after any loss, repetition, disorder, restart and interleaving',
    { timeout: TIMEOUT_MS },
    () => {
      fc.assert(healsTo(step), RUNS);
    },
  );

  it('would not without the check for gaps', { timeout: TIMEOUT_MS }, () => {
    const jumping = (chat: ChatState, heard: ChatHeard, context: StepContext) => {
      const { chat: next, effects } = step(chat, heard, context);
      if (heard.type !== 'message' || heard.message.rev <= chat.revisions.cursor) return { chat: next, effects };
      const cursor = heard.message.rev;
      return { chat: { ...next, revisions: { cursor, early: [], known: cursor } }, effects };
    };
    expect(fc.check(healsTo(jumping), RUNS).failed).toBe(true);
  });

  /** A page further back is read before message 2 is edited, and arrives after the push of that edit; a sync that began between them comes last. */
  function overtaken(stepper: typeof step): World {
    const world = new World(3, stepper);
    const { server } = world;
    for (let n = 1; n <= 6; n += 1) server.apply({ do: 'send', by: OTHER });
    world.hear(server.answer({ for: 'newest' }, server.head));
    const older = server.answer({ for: 'next', before: 4 }, server.head);
    world.hear(server.apply({ do: 'edit', nth: 1, by: OTHER })!);
    const from = world.chat.revisions.cursor;
    server.apply({ do: 'edit', nth: 4, by: OTHER });
    const synced = server.answer({ for: 'sync', from }, server.head);
    world.hear(older);
    world.hear(synced);
    world.heal();
    return world;
  }

  it('asks again for what changed in a page while it was on its way', () => {
    const { chat, server } = overtaken(step);
    expect(chat.timeline.messages).toEqual(server.messages);
    const forgetful = (held: ChatState, heard: ChatHeard, context: StepContext) => {
      const { chat: next, effects } = step(held, heard, context);
      const isFurther = heard.type === 'page' && held.timeline.loaded;
      return { chat: isFurther ? { ...next, revisions: held.revisions } : next, effects };
    };
    expect(overtaken(forgetful).chat.timeline.messages).not.toEqual(server.messages);
    // An answer counts from where it was asked, not from where the client stands by then.
    const hasty = (held: ChatState, heard: ChatHeard, context: StepContext) =>
      step(held, heard.type === 'synced' ? { ...heard, from: held.revisions.cursor } : heard, context);
    expect(overtaken(hasty).chat.timeline.messages).not.toEqual(server.messages);
  });

  it('asks for what is missing, and for nothing else', () => {
    const world = new World(10);
    const say = () => world.server.apply({ do: 'send', by: ME })!;
    const [first, second, third] = [say(), say(), say()];
    world.hear(world.server.answer({ for: 'newest' }, world.server.head));
    const hear = (heard: ChatHeard) => step(world.chat, heard, { me: ME, sha256: () => '' }).effects;
    expect(hear(first)).toEqual([]);
    const next = say();
    const later = say();
    expect(step(world.chat, next, { me: ME, sha256: () => '' }).effects).not.toContain('fetch');
    expect(hear(later)).toContain('fetch');
    expect([second, third].flatMap(hear)).toEqual([]);
  });
});
