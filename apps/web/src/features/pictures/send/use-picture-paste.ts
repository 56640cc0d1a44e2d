import { useEffect, useEffectEvent } from 'react';

/** Pictures pasted anywhere on the page but into another field. What is also a text is pasted as that. */
export function usePicturePaste(onFiles: (files: File[]) => void): void {
  const onPaste = useEffectEvent((event: ClipboardEvent) => {
    const { clipboardData, target } = event;
    const files = [...(clipboardData?.files ?? [])];
    const isElsewhere = target instanceof HTMLElement && target.closest('input, dialog') !== null;
    if (files.length === 0 || isElsewhere || clipboardData?.types.includes('text/plain') === true) return;
    event.preventDefault();
    onFiles(files);
  });
  useEffect(() => {
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, []);
}
