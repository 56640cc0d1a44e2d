import { useRef, type PointerEvent } from 'react';

const HOLD_MS = 450;
const SLACK_PX = 10;

/** A finger that stays where it is opens what a right click opens elsewhere; one that moves scrolls. */
export function useLongPress(onHold: () => void) {
  const held = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | null>(null);
  const cancel = () => {
    clearTimeout(held.current?.timer);
    held.current = null;
  };
  return {
    onPointerDown: ({ pointerType, clientX: x, clientY: y }: PointerEvent) => {
      if (pointerType !== 'touch') return;
      held.current = { x, y, timer: setTimeout(onHold, HOLD_MS) };
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      const start = held.current;
      if (start !== null && Math.hypot(clientX - start.x, clientY - start.y) > SLACK_PX) cancel();
    },
    onPointerUp: cancel,
    onPointerCancel: cancel,
  };
}
