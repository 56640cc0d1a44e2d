import type { Message } from '@parley/contracts';
import { callApi } from './api.ts';
import type { BenchStack } from './env.ts';
import { fillChat, SEARCHED } from './fill-chat.ts';
import { createLatencies, percentiles, recordMs, type Percentiles } from './latency.ts';
import type { BenchPlan } from './options.ts';
import { preparePairs } from './prepare-pairs.ts';
import { createProgress } from './progress.ts';
import { ms, renderTable, whole } from './table.ts';

const SMALL = 100;
const MISSED = 1_000;
const TRIES = 30;

type Asked = { chatId: string; token: string; messages: number };
type SyncAnswer = { chats: { id: string; messages: Message[]; hasMore: boolean }[] };

/**
 * `--data-size [--messages 100000]`: what people do in a chat of that length against the same in a short one. Missed messages are compared with
 * those of a chat that has hardly more than them.
 *
 * @returns the exit code
 */
export async function benchDataSize(
  plan: Extract<BenchPlan, { subject: 'data-size' }>,
  { urls, env }: BenchStack,
): Promise<number> {
  const progress = createProgress();
  const pairs = await preparePairs(urls.api, 6, progress);
  const sizes = [SMALL, MISSED + SMALL, plan.messages];
  const chats: Asked[] = [];
  for (const [at, messages] of sizes.entries()) {
    const pair = pairs[at];
    if (!pair) throw new Error('a chat is missing');
    progress(`filling a chat of ${messages}`);
    const { chatId, players } = pair;
    await fillChat(env.MONGO_URI, { chatId, members: players.map(({ userId }) => userId), messages });
    chats.push({ chatId, token: players[0].token, messages });
  }
  const [small, middle, large] = chats as [Asked, Asked, Asked];
  const rows = [
    await compare('open', openChat(urls.api), small, large),
    await compare(`sync after ${whole(MISSED)} missed`, syncMissed(urls.api), middle, large),
    await compare('search', search(urls.api), small, large),
  ];
  progress.end();
  const text = plan.json ? JSON.stringify({ messages: plan.messages, rows }, null, 2) : render(plan.messages, rows);
  process.stdout.write(`${text}\n`);
  return 0;
}

/** `ratio`: of the medians. */
type Row = { what: string; small: Percentiles; large: Percentiles; ratio: number };

/** By turns, so that what else goes on in the machine hits both. */
async function compare(what: string, act: (chat: Asked) => Promise<void>, small: Asked, large: Asked): Promise<Row> {
  const [ofSmall, ofLarge] = [createLatencies(), createLatencies()];
  for (let n = 0; n < TRIES; n += 1) {
    for (const [chat, latencies] of [[small, ofSmall] as const, [large, ofLarge] as const]) {
      const startedAt = performance.now();
      await act(chat);
      recordMs(latencies, performance.now() - startedAt);
    }
  }
  const [short, long] = [percentiles(ofSmall), percentiles(ofLarge)];
  return { what, small: short, large: long, ratio: long.p50 / short.p50 };
}

const openChat =
  (api: string) =>
  async ({ chatId, token }: Asked) => {
    const page = await callApi<{ messages: Message[] }>(api, `/api/v1/chat/message/${chatId}`, { token });
    if (page.messages.length === 0) throw new Error('a chat that was filled is empty');
  };

const search =
  (api: string) =>
  async ({ chatId, token }: Asked) => {
    const query = new URLSearchParams({ q: SEARCHED, chatId });
    const found = await callApi<{ messages: Message[] }>(api, `/api/v1/chat/search?${query.toString()}`, { token });
    if (found.messages.length === 0) throw new Error('nothing was found');
  };

const syncMissed =
  (api: string) =>
  async ({ chatId, token, messages }: Asked) => {
    let got = 0;
    for (let rev = messages - MISSED, hasMore = true; hasMore; ) {
      const body = { cursors: { [chatId]: rev } };
      const answer = await callApi<SyncAnswer>(api, '/api/v1/chat/sync', { token, body });
      const chat = answer.chats.find(({ id }) => id === chatId);
      got += chat?.messages.length ?? 0;
      rev = chat?.messages.at(-1)?.rev ?? rev;
      hasMore = chat?.hasMore ?? false;
    }
    if (got !== MISSED) throw new Error(`${got} messages came of ${MISSED} that were missed`);
  };

function render(messages: number, rows: readonly Row[]): string {
  return [
    `A chat of ${whole(messages)} messages against a short one, over HTTP, ${TRIES} times by turns`,
    '',
    renderTable([
      ['', 'short, p50 ms', 'p95', 'long, p50 ms', 'p95', 'ratio of p50'],
      ...rows.map(({ what, small, large, ratio }) => [
        what,
        ms(small.p50),
        ms(small.p95),
        ms(large.p50),
        ms(large.p95),
        `${ratio.toFixed(2)}x`,
      ]),
    ]),
  ].join('\n');
}
