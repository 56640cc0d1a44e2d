import { useEffect, useMemo, useRef, type RefObject } from 'react';
import type { VirtuosoHandle } from 'react-virtuoso';

const AGAIN_MS = 100;
/** So many steps that change nothing, and one is there. */
const STILL_STEPS = 3;
const LONGEST_MS = 5_000;
const NEAR_END_PX = 8;
/** Whoever touches the list goes their own way. */
const TOUCHES = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;

/** Where a bubble is at this moment: pages that come in above move every index. */
export type Locate = () => { index: number | 'LAST'; align: 'center' | 'end' };

export type Way = {
  /** For the list's `scrollerRef`. */
  scrollerRef(scroller: HTMLElement | Window | null): void;
  goTo(locate: Locate): void;
  stop(): void;
};

/**
 * Brings a bubble into view and sees that it arrives. What lies between has perhaps never been measured, and a list that is just opened is
 * still finding its place: react-virtuoso tries again only while sizes come within 150 ms, which a busy device can't promise, and then
 * stays somewhere on the way. So the scroll is repeated until it moves nothing any more, or somebody scrolls.
 */
export function useWayTo(list: RefObject<VirtuosoHandle | null>): Way {
  const scroller = useRef<HTMLElement | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const frame = useRef(0);

  const way = useMemo((): Way => {
    const stop = () => {
      clearTimeout(timer.current);
      cancelAnimationFrame(frame.current);
    };
    return {
      stop,
      scrollerRef: (element) => {
        for (const touch of TOUCHES) scroller.current?.removeEventListener(touch, stop);
        scroller.current = element instanceof HTMLElement ? element : null;
        for (const touch of TOUCHES) scroller.current?.addEventListener(touch, stop, { passive: true });
      },
      goTo: (locate) => {
        stop();
        const startedAt = performance.now();
        let before = { top: -1, height: -1 };
        let still = 0;
        // A frame lies between two steps, so that what was scrolled to is drawn and measured.
        const next = (ms: number) => {
          timer.current = setTimeout(() => {
            frame.current = requestAnimationFrame(step);
          }, ms);
        };
        const step = () => {
          const { scrollTop: top = 0, scrollHeight: height = 0, clientHeight = 0 } = scroller.current ?? {};
          const place = locate();
          const isShort = place.index === 'LAST' && height - top - clientHeight > NEAR_END_PX;
          still = !isShort && top === before.top && height === before.height ? still + 1 : 0;
          if (still === STILL_STEPS || performance.now() - startedAt > LONGEST_MS) return;
          before = { top, height };
          list.current?.scrollToIndex(place);
          next(AGAIN_MS);
        };
        next(0);
      },
    };
  }, [list]);
  useEffect(() => way.stop, [way]);
  return way;
}
