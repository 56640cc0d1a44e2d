'use client';
import { clsx } from 'clsx';
import { useEffect, useRef, type ReactNode } from 'react';
import { usePlaced } from './use-placed.ts';

type Shape = 'sheet' | 'panel' | 'box';

/** A sheet comes from below where there is little room, and is a box in the middle elsewhere; a panel stands at the right edge. */
const SHAPES: Record<Shape, string> = {
  sheet: 'mt-auto w-full max-w-full rounded-t-3xl sm:m-auto sm:w-96 sm:rounded-3xl',
  panel:
    'mt-auto w-full max-w-full rounded-t-3xl sm:m-0 sm:ml-auto sm:h-dvh sm:max-h-dvh sm:w-96 sm:rounded-none sm:border-l',
  box: 'm-auto w-[min(24rem,calc(100%-2rem))] rounded-3xl',
};

/** Something in front of everything else until it is answered or left: by Escape, a click beside it, or `onClose`. Focus returns where it was. */
export function Dialog({
  label,
  shape = 'sheet',
  near,
  onClose,
  children,
}: {
  label: string;
  shape?: Shape;
  /** What a sheet belongs to: it stands beside it where there is room. */
  near?: DOMRect;
  onClose(): void;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isPressedBeside = useRef(false);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  usePlaced(dialog, near);
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // The backdrop is the dialog itself as far as events tell; everything inside it lies in the element below.
      onPointerDown={(event) => {
        isPressedBeside.current = event.target === event.currentTarget;
      }}
      onClick={(event) => {
        // A finger that opened the dialog by staying where it was lifts off over the backdrop: that closes nothing.
        if (event.target === event.currentTarget && isPressedBeside.current) onClose();
      }}
      className={clsx(
        'bg-panel text-ink border-line max-h-[min(85dvh,44rem)] overflow-y-auto overscroll-contain shadow-xl backdrop:bg-black/40',
        SHAPES[shape],
        near !== undefined && 'sm:border sm:backdrop:bg-transparent',
      )}
    >
      <div className="safe-bottom">{children}</div>
    </dialog>
  );
}
