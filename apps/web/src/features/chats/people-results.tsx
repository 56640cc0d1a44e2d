'use client';
import type { PublicUser } from '@parley/contracts';
import { useState } from 'react';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { RowSkeletons } from '../../ui/skeletons.tsx';
import { errorText } from '../session/error-text.ts';
import { useChatClient, useClientState } from './chat-client-provider.tsx';
import { chatPath, navigate } from './navigate.ts';
import { usePeopleSearch } from './use-people-search.ts';

/** Those found, each a way into the conversation with them. */
export function PeopleResults({ query, onDone }: { query: string; onDone(): void }) {
  const search = usePeopleSearch(query);
  const me = useClientState((state) => state.me);
  if (search.status === 'searching') return <RowSkeletons count={2} />;
  if (search.status === 'failed') {
    return (
      <div className="flex flex-col gap-3 p-4">
        <Notice>{errorText(search.error)}</Notice>
        <Button look="quiet" onClick={search.retry}>
          Try again
        </Button>
      </div>
    );
  }
  const others = search.people.filter((person) => person.id !== me);
  if (others.length === 0) {
    return (
      <p role="status" className="text-muted px-5 pb-1 text-xs font-semibold">
        Nobody found for “{query}”
      </p>
    );
  }
  return <PeopleList people={others} onDone={onDone} />;
}

function PeopleList({ people, onDone }: { people: PublicUser[]; onDone(): void }) {
  const client = useChatClient();
  const [opening, setOpening] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function open(person: PublicUser) {
    setOpening(person.id);
    setProblem(null);
    try {
      navigate(chatPath(await client.open(person)));
      onDone();
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setOpening(null);
    }
  }

  return (
    <>
      {problem !== null && (
        <div className="px-4 pb-2">
          <Notice>{problem}</Notice>
        </div>
      )}
      <p role="status" className="text-muted px-5 pb-1 text-xs font-semibold">
        {people.length === 1 ? '1 person' : `${people.length} people`}
      </p>
      <ul aria-label="People" className="px-2 pb-2">
        {people.map((person) => (
          <li key={person.id}>
            <button
              type="button"
              data-result
              disabled={opening !== null}
              onClick={() => void open(person)}
              className="hover:bg-raised flex w-full items-center gap-3 rounded-2xl px-3 py-2.5 text-left disabled:opacity-60"
            >
              <Avatar id={person.id} name={person.displayName} src={person.avatarUrl} />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-semibold">{person.displayName}</span>
                <span className="text-muted block truncate text-sm">@{person.username}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
