import type { Head } from '@parley/contracts';
import fc from 'fast-check';
import type { Proof } from '../ledger/proofs.ts';
import { sha256 } from '../ledger/sha256.ts';
import { newChat, type ChatState } from './chat-state.ts';
import { ME, OTHER } from './fixtures.fixture.ts';
import { ModelServer, type Ask, type Deed } from './model-server.fixture.ts';
import { isBehind } from './revisions.ts';
import { firstOf, lastOf } from './runs.ts';
import { step, type ChatHeard, type Step, type StepContext } from './step.ts';

/** One thing that happens between a server, a network that keeps no promise, and a client. */
export type Happening =
  | { kind: 'deed'; deed: Deed }
  /** One of the pushes in flight arrives; where it is not `gone`, it may arrive again. */
  | { kind: 'push'; nth: number; gone: boolean }
  | { kind: 'lose'; nth: number }
  | { kind: 'ask'; what: 'newest' | 'older' | 'newer' | 'jump' | 'sync' | 'line'; nth: number }
  /** The server reads the messages of a question whose head it has read before. */
  | { kind: 'read'; nth: number }
  | { kind: 'answer'; nth: number }
  | { kind: 'restart' };

const member = fc.constantFrom(ME, OTHER);
const nth = fc.nat(60);
/** Mostly the first: a network keeps its order most of the time, and what comes in order is what moves cursors. */
const mostlyFirst = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: nth });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const), by: member }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('edit', 'delete', 'react'), nth, by: member }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('receipt' as const),
      by: member,
      kind: fc.constantFrom('delivered', 'seen'),
      nth,
    }),
  },
);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('deed' as const), deed }) },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant('push' as const),
      nth: mostlyFirst,
      gone: fc.constantFrom(true, true, true, false),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose' as const), nth }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      what: fc.constantFrom('newest', 'older', 'older', 'newer', 'jump', 'sync', 'sync', 'line'),
      nth,
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('read' as const), nth }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('answer' as const), nth }) },
  { weight: 1, arbitrary: fc.constant<Happening>({ kind: 'restart' }) },
);
export const history = fc.record({
  pageSize: fc.integer({ min: 1, max: 8 }),
  happenings: fc.array(happening, { minLength: 20, maxLength: 200 }),
});

type Stepper = (chat: ChatState, heard: ChatHeard, context: StepContext) => Step;

/** A server, a network and a client whose state machine is `stepper`. */
export class World {
  readonly server: ModelServer;
  readonly stepper: Stepper;
  chat: ChatState;
  divergences = 0;
  /** What the client had verified when it was restarted. */
  proof: Proof | undefined;
  #pushes: ChatHeard[] = [];
  #asked: { ask: Ask; head: Head }[] = [];
  #answers: ChatHeard[] = [];

  constructor(pageSize: number, stepper: Stepper = step) {
    this.server = new ModelServer(pageSize);
    this.stepper = stepper;
    this.chat = newChat(this.server.line());
  }

  happen(one: Happening): void {
    if (one.kind === 'deed') {
      const push = this.server.apply(one.deed);
      if (push !== undefined) this.#pushes.push(push);
    } else if (one.kind === 'restart') {
      const last = this.chat.timeline.messages.at(-1);
      if (last !== undefined) this.proof = { seq: last.seq, hash: last.hash };
      this.chat = newChat(this.server.line());
      this.#asked = [];
      this.#answers = [];
    } else if (one.kind === 'ask') {
      const ask = this.#askFor(one.what, one.nth);
      if (ask !== undefined) this.#asked.push({ ask, head: this.server.head });
    } else if (one.kind === 'read') {
      for (const { ask, head } of taken(this.#asked, one.nth)) this.#answers.push(this.server.answer(ask, head));
    } else if (one.kind === 'answer') {
      for (const answer of taken(this.#answers, one.nth)) this.hear(answer);
    } else {
      const [push] = taken(this.#pushes, one.nth);
      if (push === undefined || one.kind === 'lose') return;
      this.hear(push);
      if (!one.gone) this.#pushes.push(push);
    }
  }

  hear(heard: ChatHeard): void {
    const { chat, effects } = this.stepper(this.chat, heard, { me: ME, sha256, proof: this.proof });
    this.chat = chat;
    this.divergences += effects.filter((effect) => typeof effect === 'object').length;
  }

  /** What a client does once everything works: compares its list and heads, and fetches what it knows to be missing. */
  heal(): void {
    const { server } = this;
    const ask = (question: Ask) => this.hear(server.answer(question, server.head));
    ask({ for: 'line' });
    if (!this.chat.timeline.loaded) ask({ for: 'newest' });
    this.hear({ type: 'head', head: server.head, marks: server.marks });
    for (let rounds = 0; rounds < 500; rounds += 1) {
      const { revisions, timeline } = this.chat;
      if (isBehind(revisions)) ask({ for: 'sync', from: revisions.cursor });
      else if (timeline.window !== null) ask({ for: 'next', after: lastOf(timeline.window) });
      else return;
    }
    throw new Error('it never ends');
  }

  #askFor(what: Extract<Happening, { kind: 'ask' }>['what'], at: number): Ask | undefined {
    const { timeline, revisions } = this.chat;
    if (what === 'newest' || what === 'line') return { for: what };
    if (!timeline.loaded) return undefined;
    if (what === 'sync') return { for: 'sync', from: revisions.cursor };
    if (what === 'jump') return { for: 'jump', after: at };
    if (what === 'older') return { for: 'next', before: firstOf(timeline.window ?? timeline.messages) };
    return timeline.window === null ? undefined : { for: 'next', after: lastOf(timeline.window) };
  }
}

/** One of `list`, taken out of it; none where it is empty. */
function taken<T>(list: T[], at: number): T[] {
  return list.length === 0 ? [] : list.splice(at % list.length, 1);
}
