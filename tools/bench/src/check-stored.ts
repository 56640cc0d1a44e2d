import type { Message } from '@parley/contracts';
import { callApi, mapBounded, retried } from './api.ts';
import type { PairPlan } from './driver-protocol.ts';

export type Stored = { messages: number; missing: number; holes: number };

type Page = { messages: Message[]; head: { seq: number }; hasMore: boolean };

/**
 * Compares what is stored with what was acknowledged, chat by chat: `missing` are acknowledged messages beyond the stored
 * head, `holes` are places in the newest 200 where `seq` isn't one more than before.
 */
export async function checkStored(
  api: string,
  pairs: readonly PairPlan[],
  heads: Record<string, number>,
): Promise<Stored> {
  const all = await mapBounded(pairs, 6, async ({ chatId, players }) => {
    const { token } = players[0];
    const page = await retried(() => callApi<Page>(api, `/api/v1/chat/message/${chatId}?limit=200`, { token }));
    const seqs = page.messages.map(({ seq }) => seq);
    return {
      messages: page.head.seq,
      missing: Math.max(0, (heads[chatId] ?? 0) - page.head.seq),
      holes: seqs.filter((seq, at) => at > 0 && seq !== (seqs[at - 1] ?? 0) + 1).length,
    };
  });
  const sum = (key: keyof Stored): number => all.reduce((total, one) => total + one[key], 0);
  return { messages: sum('messages'), missing: sum('missing'), holes: sum('holes') };
}
