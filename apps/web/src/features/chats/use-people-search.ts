import type { PublicUser } from '@parley/contracts';
import { useEffect, useState } from 'react';
import { searchPeople } from '@parley/chat-client';
import { useSession } from '../session/session-provider.tsx';

export type PeopleSearch =
  | { status: 'searching' }
  | { status: 'found'; people: PublicUser[] }
  | { status: 'failed'; error: unknown; retry(): void };

const DEBOUNCE_MS = 220;

/** People found for `query`, asked for once typing pauses; an answer that was overtaken by another query is dropped. */
export function usePeopleSearch(query: string): PeopleSearch {
  const { exchange } = useSession();
  const [attempt, setAttempt] = useState(0);
  const [result, setResult] = useState<{ query: string; search: PeopleSearch }>();
  useEffect(() => {
    const abort = new AbortController();
    const finish = (search: PeopleSearch) => {
      if (!abort.signal.aborted) setResult({ query, search });
    };
    const timer = setTimeout(() => {
      searchPeople(exchange, query, abort.signal).then(
        (people) => finish({ status: 'found', people }),
        (error: unknown) => finish({ status: 'failed', error, retry: () => setAttempt((n) => n + 1) }),
      );
    }, DEBOUNCE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [exchange, query, attempt]);
  return result?.query === query ? result.search : { status: 'searching' };
}
