import { chatAnswer, messageAnswer, type AuthAnswer, type Message } from '@parley/contracts';
import { randomUUID } from 'node:crypto';
import { env } from '../env.ts';

/** One authorized request to the public API; fails loudly, since a seed must not. */
async function post(path: string, sender: AuthAnswer, body: unknown, method = 'POST'): Promise<unknown> {
  const response = await fetch(new URL(path, env.apiUrl), {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${sender.accessToken}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after') ?? 1);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return post(path, sender, body, method);
  }
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status} ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
}

/** The chat of two people, made where there is none. */
export async function seedChat(a: AuthAnswer, b: AuthAnswer): Promise<string> {
  return chatAnswer.parse(await post('/api/v1/chat/new', a, { userId: b.user.id })).chat.id;
}

export async function seedMessage(sender: AuthAnswer, chatId: string, text: string): Promise<Message> {
  const body = { chatId, clientMessageId: randomUUID(), text };
  return messageAnswer.parse(await post('/api/v1/chat/message', sender, body)).message;
}

const AT_ONCE = 16;

/** Many messages of several people, in whatever order they get through: `seeded 1`, `seeded 2` and so on. */
export async function seedMessages(senders: readonly AuthAnswer[], chatId: string, count: number): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < count) {
      next += 1;
      const sender = senders[next % senders.length];
      if (sender === undefined) throw new Error('nobody to send');
      await seedMessage(sender, chatId, `seeded ${next}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** `by` blocks or unblocks `whom`. */
export async function blockPerson(by: AuthAnswer, whom: AuthAnswer, isBlocked: boolean): Promise<void> {
  await post(`/api/v1/users/blocks/${whom.user.id}`, by, undefined, isBlocked ? 'PUT' : 'DELETE');
}
