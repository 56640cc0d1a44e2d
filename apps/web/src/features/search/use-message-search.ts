import type { Message } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import { useEffect, useState } from 'react';
import { useChatClient } from '../chats/chat-client-provider.tsx';

export type MessageSearch =
  | { status: 'searching' }
  | { status: 'found'; messages: readonly Message[]; isLoading: boolean; more: (() => void) | null }
  | { status: 'failed'; error: unknown; retry(): void };

type Found = { query: string; messages: readonly Message[]; nextCursor: string | null };

const DEBOUNCE_MS = 250;
/** Pages without a hit that are skipped before it is left to the reader to go on. */
const EMPTY_PAGES_MAX = 5;

/** Messages found for `query` in one chat or in all, asked for once typing pauses; an answer that was overtaken by another query is dropped. */
export function useMessageSearch(query: string, chatId?: ChatId): MessageSearch {
  const client = useChatClient();
  const [attempt, setAttempt] = useState(0);
  const [cursor, setCursor] = useState<string | undefined>();
  const [found, setFound] = useState<Found | null>(null);
  const [failure, setFailure] = useState<{ query: string; error: unknown } | null>(null);

  useEffect(() => {
    setCursor(undefined);
    setFound(null);
  }, [query, chatId]);
  useEffect(() => {
    if (query === '') return;
    const abort = new AbortController();
    async function search() {
      let next = cursor;
      const messages: Message[] = [];
      for (let pages = 0; pages < EMPTY_PAGES_MAX && messages.length === 0; pages += 1) {
        const scope = chatId === undefined ? {} : { chatId };
        const page = await client.search(
          { q: query, ...scope, ...(next === undefined ? {} : { cursor: next }) },
          abort.signal,
        );
        messages.push(...page.messages);
        next = page.nextCursor ?? undefined;
        if (next === undefined) break;
      }
      if (abort.signal.aborted) return;
      setFailure(null);
      setFound((held) => ({
        query,
        messages: cursor === undefined ? messages : [...(held?.messages ?? []), ...messages],
        nextCursor: next ?? null,
      }));
    }
    const timer = setTimeout(
      () => {
        search().catch((error: unknown) => {
          if (!abort.signal.aborted) setFailure({ query, error });
        });
      },
      cursor === undefined ? DEBOUNCE_MS : 0,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [client, query, chatId, cursor, attempt]);

  if (failure?.query === query) {
    const retry = () => {
      setFailure(null);
      setAttempt((n) => n + 1);
    };
    return { status: 'failed', error: failure.error, retry };
  }
  if (found?.query !== query) return { status: 'searching' };
  const { messages, nextCursor } = found;
  const isLoading = nextCursor !== null && nextCursor === cursor;
  return { status: 'found', messages, isLoading, more: nextCursor === null ? null : () => setCursor(nextCursor) };
}
