import { randomBytes } from 'node:crypto';
import type { Chat } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import { register, signIn, type Account, type Session } from './account.ts';
import { callHttp } from './http.ts';

/** Two people with a chat, and the sign-ins of their devices: the first person has the first list. */
export type PairPlan = {
  chatId: ChatId;
  people: readonly [Account, Account];
  sessions: readonly [readonly Session[], readonly Session[]];
};

/** Password hashing takes a core for 20 ms: more at once would only wait. */
const AT_ONCE = 4;

/** Registers people, lets each sign in on one or two devices and opens their chats. @throws when that fails */
export async function preparePairs(entries: readonly string[], pairs: number): Promise<PairPlan[]> {
  const run = randomBytes(3).toString('hex');
  const base = (index: number): string => entries[index % entries.length] as string;

  const prepare = async (index: number): Promise<PairPlan> => {
    const people = await Promise.all(
      (['a', 'b'] as const).map((letter) => register(base(index), `t-${run}-${index}${letter}`)),
    );
    const [first, second] = people as [Account, Account];
    let turn = index;
    const session = (account: Account) => signIn(account, () => base(turn++));
    // Of three pairs one has one device each, one two on one side, one two on both.
    const sessions = await Promise.all([
      Promise.all(Array.from({ length: index % 3 > 0 ? 2 : 1 }, () => session(first))),
      Promise.all(Array.from({ length: index % 3 > 1 ? 2 : 1 }, () => session(second))),
    ]);
    for (let tries = 0; ; tries += 1) {
      const token = sessions[0][0]?.token() ?? '';
      const body = { userId: second.userId };
      const answer = await callHttp<{ chat: Chat }>(base(index), 'POST', '/chat/new', { token, body });
      if (answer.kind === 'ok') return { chatId: answer.value.chat.id, people: [first, second], sessions };
      if (tries > 20) throw new Error(`a chat could not be opened: ${JSON.stringify(answer)}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };

  // Each at its place, whichever is ready first: a seed is to give each device the same choices again.
  const plans: PairPlan[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < pairs; at = next++) plans[at] = await prepare(at);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return plans;
}
