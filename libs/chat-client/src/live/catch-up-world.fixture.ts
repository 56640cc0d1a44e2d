import type { Head } from '@parley/contracts';
import { createClientStore } from '../chat/client-state.ts';
import { CHAT, ME, OTHER } from '../chat/fixtures.fixture.ts';
import type { ModelServer } from '../chat/model-server.fixture.ts';
import type { ChatHeard } from '../chat/step.ts';
import type { ClientEvent } from '../events.ts';
import type { ApiRequest, Exchange } from '../http/exchange.ts';
import { createMemoryProofs, type ProofKeeper } from '../ledger/proofs.ts';
import { sha256 } from '../ledger/sha256.ts';
import { systemRuntime, type Runtime } from '../ports.ts';
import { catchUpChats } from './catch-up.ts';
import { createCatcher } from './catcher.ts';
import { createChats } from './chats.ts';
import { createHistory } from './history.ts';
import { fetchList } from './list.ts';
import { rememberProofs } from './remember-proofs.ts';

const silent = { info: () => undefined, error: () => undefined };
/** Nothing waits longer than a microtask. */
export const runtime: Runtime = {
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
      return { chats: [{ id: CHAT, ...server.answer({ for: 'sync', from }, head) }], nextCursor: null };
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

/** The listening part of a client of that server, without a socket. */
export function clientOf(
  server: ModelServer,
  meanwhile: () => void = () => undefined,
  keeper: ProofKeeper = createMemoryProofs(),
) {
  const { exchange, requests } = serve(server, meanwhile);
  const store = createClientStore(ME);
  const events: ClientEvent[] = [];
  const proofs = rememberProofs({
    ...{ keeper, store, exchange, runtime: { ...runtime, log: silent } },
    onProblem: (chatId, problem) => chats.hear({ chatId, heard: { type: 'problem', problem } }),
  });
  const chats = createChats({
    ...{ store, sha256, proofOf: proofs.proofOf },
    emit: (event) => events.push(event),
    fetch: (o) => catcher.fetch(o),
  });
  const history = createHistory({ exchange, store, chats, ready: proofs.ready });
  const list = (options: { whole: boolean }) => fetchList({ exchange, store, chats }, options);
  const catcher = createCatcher({
    runtime,
    catchUp: (options) => catchUpChats({ exchange, store, chats, history, runtime, fetchList: list }, options),
    onRunning: (catchingUp) => store.setState({ catchingUp }),
  });
  const hear = (heard: ChatHeard) => chats.hear({ chatId: CHAT, heard });
  const chat = () => store.getState().chats[CHAT]!;
  return { exchange, requests, store, events, history, list, catcher, proofs, hear, chat };
}

/** Both say something by turns. */
export const say = (server: ModelServer, times: number) => {
  for (let n = 0; n < times; n += 1) server.apply({ do: 'send', by: n % 2 === 0 ? OTHER : ME });
};
