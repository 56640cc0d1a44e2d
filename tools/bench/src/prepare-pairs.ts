import { randomBytes } from 'node:crypto';
import type { AuthAnswer, Chat } from '@parley/contracts';
import { callApi, mapBounded, retried } from './api.ts';
import type { PairPlan, Player } from './driver-protocol.ts';
import type { Progress } from './progress.ts';

/** Password hashing takes a core for 20 ms: more at once would only wait. */
const REGISTRATIONS_AT_ONCE = 6;

/** Registers people through the public API. */
export async function registerPeople(api: string, count: number, progress: Progress): Promise<Player[]> {
  const run = randomBytes(4).toString('hex');
  let done = 0;
  return mapBounded([...Array(count).keys()], REGISTRATIONS_AT_ONCE, async (index) => {
    const username = `bench-${run}-${index}`;
    const body = { email: `${username}@bench.example`, username, password: randomBytes(12).toString('hex') };
    const { user, accessToken } = await callApi<AuthAnswer>(api, '/api/v1/auth/register', { body });
    progress(`registering people, ${++done} of ${count}`);
    return { userId: user.id, token: accessToken };
  });
}

/** Registers people and opens a chat for each two of them. */
export async function preparePairs(api: string, clients: number, progress: Progress): Promise<PairPlan[]> {
  const players = await registerPeople(api, clients, progress);
  const couples = players.flatMap((player, at) => (at % 2 === 0 ? [[player, players[at + 1] as Player] as const] : []));
  let opened = 0;
  return mapBounded(couples, REGISTRATIONS_AT_ONCE, async ([a, b]) => {
    const { chat } = await retried(() =>
      callApi<{ chat: Chat }>(api, '/api/v1/chat/new', {
        token: a.token,
        body: { userId: b.userId },
      }),
    );
    progress(`opening chats, ${++opened} of ${couples.length}`);
    return { chatId: chat.id, players: [a, b] };
  });
}
