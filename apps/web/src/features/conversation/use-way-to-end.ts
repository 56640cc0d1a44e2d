import { useEffect, useRef, type RefObject } from 'react';
import type { VirtuosoHandle } from 'react-virtuoso';

const AGAIN_MS = 100;
const TRIES_MAX = 10;

/**
 * What brings the end of the list into view at once. What lies between has perhaps never been measured, and a list that is just opened is still
 * finding its place: a single scroll would end somewhere on the way, so it is repeated until the list says that it is there.
 */
export function useWayToEnd(list: RefObject<VirtuosoHandle | null>, atBottom: boolean): () => void {
  const isThere = useRef(atBottom);
  isThere.current = atBottom;
  const timer = useRef<ReturnType<typeof setInterval>>(undefined);
  useEffect(() => () => clearInterval(timer.current), []);
  return () => {
    const go = () => list.current?.scrollToIndex({ index: 'LAST', align: 'end' });
    let tries = 1;
    clearInterval(timer.current);
    go();
    timer.current = setInterval(() => {
      if (isThere.current || tries === TRIES_MAX) return clearInterval(timer.current);
      tries += 1;
      go();
    }, AGAIN_MS);
  };
}
