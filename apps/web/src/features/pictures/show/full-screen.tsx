'use client';
import { useEffect, useRef, useState, type ReactNode } from 'react';

/**
 * The whole screen, in front of everything, dialogs included; nothing else can be reached meanwhile. Escape and the back gesture of a phone ask to leave it
 * (`onCancel`). Focus returns where it was.
 */
export function FullScreen({ label, onCancel, onClose, children }: FullScreenProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [root, setRoot] = useState<HTMLDialogElement | null>(null);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    setRoot(element);
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
      onClose={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
      className="m-0 h-dvh max-h-none w-dvw max-w-none overflow-hidden bg-transparent p-0 outline-none backdrop:bg-black/70"
    >
      {root !== null && children(root)}
    </dialog>
  );
}

type FullScreenProps = {
  label: string;
  onCancel(): void;
  onClose(): void;
  children(root: HTMLDialogElement): ReactNode;
};
