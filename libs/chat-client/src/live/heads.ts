import { headWithMarks } from '@parley/contracts';
import { BATCH_IDS_MAX, type ChatId } from '@parley/domain';
import { z } from 'zod';
import type { ClientStore } from '../chat/client-state.ts';
import type { Chats } from './chats.ts';
import type { LiveConnection } from './connection.ts';

const headsAnswer = z.object({ heads: z.record(z.string(), headWithMarks) });

/** Compares every chat with what the server has: its newest message, its newest change, its hash, and how far both members are. */
export async function compareHeads(live: LiveConnection, store: ClientStore, chats: Chats): Promise<void> {
  const chatIds = Object.keys(store.getState().chats) as ChatId[];
  for (let from = 0; from < chatIds.length; from += BATCH_IDS_MAX) {
    const batch = chatIds.slice(from, from + BATCH_IDS_MAX);
    const { heads } = await live.request('heads', { chatIds: batch }, headsAnswer);
    chats.hear(
      ...Object.entries(heads).map(([chatId, { marks, ...head }]) => ({
        chatId,
        heard: { type: 'head', head, marks } as const,
      })),
    );
  }
}

/** Milliseconds that the cheapest event with an answer takes to the server and back. */
export async function measureRoundTrip(live: LiveConnection, now: () => number): Promise<number> {
  const start = now();
  await live.request('heads', { chatIds: [] }, headsAnswer);
  return now() - start;
}
