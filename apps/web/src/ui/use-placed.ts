import { useLayoutEffect, type RefObject } from 'react';

const GAP_PX = 6;
const EDGE_PX = 8;
/** Tailwind's `sm`: below it, things come from the lower edge instead. */
const ROOM_PX = 640;

/** Puts a dialog below what it belongs to, or above where there is no room below, and keeps it in the window when its size changes. */
export function usePlaced(dialog: RefObject<HTMLDialogElement | null>, near: DOMRect | undefined): void {
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null || near === undefined || globalThis.innerWidth < ROOM_PX) return;
    const place = () => {
      const { offsetWidth: width, offsetHeight: height } = element;
      const isRoomBelow = near.bottom + GAP_PX + height + EDGE_PX <= globalThis.innerHeight;
      const top = isRoomBelow ? near.bottom + GAP_PX : near.top - GAP_PX - height;
      element.style.margin = '0';
      element.style.left = `${between(near.left, globalThis.innerWidth - width - EDGE_PX)}px`;
      element.style.top = `${between(top, globalThis.innerHeight - height - EDGE_PX)}px`;
    };
    place();
    const observer = new ResizeObserver(place);
    observer.observe(element);
    return () => observer.disconnect();
  }, [dialog, near]);
}

const between = (wanted: number, most: number): number => Math.max(EDGE_PX, Math.min(wanted, most));
