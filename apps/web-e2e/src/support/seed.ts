import { chatAnswer, messageAnswer, type AuthAnswer, type Message } from '@parley/contracts';
import { randomUUID } from 'node:crypto';
import { env } from '../env.ts';

/** One authorized request to the public API; fails loudly, since a seed must not. */
async function post(path: string, sender: AuthAnswer, body: unknown): Promise<unknown> {
  const response = await fetch(new URL(path, env.apiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${sender.accessToken}` },
    body: JSON.stringify(body),
  });
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after') ?? 1);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return post(path, sender, body);
  }
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status} ${await response.text()}`);
  return response.json();
}

/** The chat of two people, made where there is none. */
export async function seedChat(a: AuthAnswer, b: AuthAnswer): Promise<string> {
  return chatAnswer.parse(await post('/api/v1/chat/new', a, { userId: b.user.id })).chat.id;
}

export async function seedMessage(sender: AuthAnswer, chatId: string, text: string): Promise<Message> {
  const body = { chatId, clientMessageId: randomUUID(), text };
  return messageAnswer.parse(await post('/api/v1/chat/message', sender, body)).message;
}
