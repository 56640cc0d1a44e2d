import type { ChatId } from '@parley/domain';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Message } from '@parley/contracts';
import { useChatClient, useClientState } from '../chats/chat-client-provider.tsx';
import { shownPictures, withNewer, withOlder, type PictureRun } from './picture-run.ts';

/** `more`: there may be pictures in this direction that nobody has asked for yet. */
export type Edge = 'more' | 'loading' | 'failed' | 'end';

export type Pictures = {
  /** Ascending by seq. */
  messages: readonly Message[];
  older: Edge;
  newer: Edge;
  error: unknown;
  loadOlder(): void;
  loadNewer(): void;
};

type Direction = 'older' | 'newer';

/** The pictures of a chat, from `start` on in both directions, page by page. */
export function usePictures(chatId: ChatId, start: () => PictureRun, pageSize: number): Pictures {
  const client = useChatClient();
  const timeline = useClientState((state) => state.chats[chatId]?.timeline);
  const [run, setRun] = useState(start);
  const [edges, setEdges] = useState<Record<Direction, 'loading' | 'failed' | null>>({ older: null, newer: null });
  const [error, setError] = useState<unknown>(null);
  const busy = useRef(new Set<Direction>());
  const abort = useRef<AbortController | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    abort.current = controller;
    busy.current.clear();
    setEdges({ older: null, newer: null });
    return () => controller.abort();
  }, []);

  const load = (direction: Direction) => {
    const signal = abort.current?.signal;
    if (signal === undefined || signal.aborted || busy.current.has(direction)) return;
    const edge = direction === 'older' ? run.messages[0] : run.messages.at(-1);
    const from = edge === undefined ? {} : { [direction === 'older' ? 'before' : 'after']: edge.seq };
    const setEdge = (state: 'loading' | 'failed' | null) => setEdges((before) => ({ ...before, [direction]: state }));
    setEdge('loading');
    busy.current.add(direction);
    const done = () => busy.current.delete(direction);
    client.media(chatId, { ...from, limit: pageSize }, signal).then(
      (page) => {
        if (signal.aborted) return;
        done();
        setRun((before) => (direction === 'older' ? withOlder(before, page) : withNewer(before, page)));
        setEdge(null);
      },
      (failure: unknown) => {
        if (signal.aborted) return;
        done();
        setError(failure);
        setEdge('failed');
      },
    );
  };

  const messages = useMemo(() => shownPictures(run, timeline), [run, timeline]);
  return {
    messages,
    older: edges.older ?? (run.atOldest ? 'end' : 'more'),
    newer: edges.newer ?? (run.atNewest ? 'end' : 'more'),
    error,
    loadOlder: () => load('older'),
    loadNewer: () => load('newer'),
  };
}
