import type { Message } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import type { Session } from './account.ts';
import { callHttp } from './http.ts';

type Page = { messages: Message[]; hasMore: boolean };

const TRIES_MAX = 10;

/** The whole chat, as somebody gets it who has nothing of it. @throws when the API doesn't give it */
export async function fetchFresh(base: string, session: Session, chatId: ChatId): Promise<Message[]> {
  const messages: Message[] = [];
  for (let hasMore = true, failures = 0; hasMore; ) {
    const after = messages.at(-1)?.seq ?? 0;
    const path = `/chat/message/${chatId}?after=${after}&limit=200`;
    const answer = await callHttp<Page>(base, 'GET', path, { token: session.token() });
    if (answer.kind === 'ok') {
      messages.push(...answer.value.messages);
      hasMore = answer.value.hasMore;
      continue;
    }
    failures += 1;
    if (failures > TRIES_MAX) throw new Error(`chat ${chatId} cannot be fetched: ${JSON.stringify(answer)}`);
    await session.renew();
  }
  return messages;
}
