'use client';
import type { Message } from '@parley/contracts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { RowSkeletons } from '../../ui/skeletons.tsx';
import { useNow } from '../../ui/use-now.ts';
import { errorText } from '../session/error-text.ts';
import { MessageHit } from './message-hit.tsx';
import type { MessageSearch } from './use-message-search.ts';

/** What a search for messages has found, in each of its states. */
export function MessageHits({
  search,
  query,
  titleOf,
  onChoose,
}: {
  search: MessageSearch;
  query: string;
  titleOf(message: Message): string;
  onChoose(message: Message): void;
}) {
  const now = useNow();
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
  const { messages, more, isLoading } = search;
  const count = messages.length === 1 ? '1 message' : `${messages.length}${more === null ? '' : '+'} messages`;
  return (
    <>
      <p role="status" className="text-muted px-5 pt-2 pb-1 text-xs font-semibold">
        {messages.length === 0 && more === null ? 'No message with these words' : count}
      </p>
      <ul aria-label="Messages found" className="px-2 pb-2">
        {messages.map((message) => (
          <MessageHit
            key={message.id}
            message={message}
            title={titleOf(message)}
            query={query}
            now={now}
            onClick={() => onChoose(message)}
          />
        ))}
      </ul>
      {more !== null && (
        <div className="px-4 pb-4">
          <Button look="quiet" className="w-full" busy={isLoading} onClick={more}>
            More
          </Button>
        </div>
      )}
    </>
  );
}
