import { useEffect, useState, type DragEvent } from 'react';

const hasFiles = (transfer: DataTransfer | null): boolean => transfer?.types.includes('Files') === true;

/** Files dragged over an element that gets `handlers`: `isOver` while they are, `onFiles` when they are let go there. Beside it they do nothing. */
export function usePictureDrop(onFiles: (files: File[]) => void) {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    // Else the browser would leave the page for the file.
    const keepPage = (event: globalThis.DragEvent) => {
      if (hasFiles(event.dataTransfer)) event.preventDefault();
    };
    globalThis.addEventListener('dragover', keepPage);
    globalThis.addEventListener('drop', keepPage);
    return () => {
      globalThis.removeEventListener('dragover', keepPage);
      globalThis.removeEventListener('drop', keepPage);
    };
  }, []);
  const handlers = {
    onDragEnter: ({ dataTransfer }: DragEvent) => {
      if (hasFiles(dataTransfer)) setOver(true);
    },
    onDragOver: (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    },
    onDragLeave: ({ currentTarget, relatedTarget }: DragEvent) => {
      if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      setOver(false);
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      onFiles([...event.dataTransfer.files]);
    },
  };
  return { isOver, handlers };
}
