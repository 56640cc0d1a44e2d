import { useEffect, useRef, useState, type RefCallback, type RefObject } from 'react';
import type { VirtuosoHandle } from 'react-virtuoso';

/** How long the list may have left its end before that counts: a frame that shrinks pushes it off first, and is noticed after. */
const SETTLE_MS = 120;

/** The newest message. */
export type Last = { key: string | undefined; looks: string };

/**
 * Keeps the newest message in view when the frame around the list gets smaller, by a growing composer, a keyboard, a banner; and when that message itself
 * gets taller: the `looks` of what has the same `key` are others then. The result is the frame's ref.
 */
export function useKeptBottom(
  list: RefObject<VirtuosoHandle | null>,
  atBottom: boolean,
  { key, looks }: Last,
): RefCallback<HTMLDivElement> {
  const [frame, setFrame] = useState<HTMLDivElement | null>(null);
  const wasAtBottom = useRef(atBottom);
  useEffect(() => {
    const timer = setTimeout(() => {
      wasAtBottom.current = atBottom;
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [atBottom]);
  const isAtBottom = useRef(atBottom);
  isAtBottom.current = atBottom;
  // None at first: a list that is just opened finds its place by itself.
  const lastKey = useRef<string>(undefined);
  const toEnd = () => list.current?.scrollTo({ top: Number.MAX_SAFE_INTEGER });
  useEffect(() => {
    const isSame = lastKey.current === key;
    lastKey.current = key;
    if (!isSame) return;
    const next = wasAtBottom.current ? requestAnimationFrame(toEnd) : 0;
    // The list may still have been on its way to its end, and stops where that was.
    const timer = setTimeout(() => isAtBottom.current && toEnd(), SETTLE_MS);
    return () => {
      cancelAnimationFrame(next);
      clearTimeout(timer);
    };
  }, [key, looks]);
  useEffect(() => {
    if (frame === null) return;
    let next = 0;
    const observer = new ResizeObserver(() => {
      if (!wasAtBottom.current) return;
      cancelAnimationFrame(next);
      // The list hears of its new height in this very frame, and can scroll by it in the next.
      next = requestAnimationFrame(toEnd);
    });
    observer.observe(frame);
    return () => {
      cancelAnimationFrame(next);
      observer.disconnect();
    };
  }, [list, frame]);
  return setFrame;
}
