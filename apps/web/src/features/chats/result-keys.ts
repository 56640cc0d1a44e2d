import type { KeyboardEvent } from 'react';

/** Arrow keys walk from the search box through what is listed below it; Enter in the box takes the first. */
export function focusResult(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('input[type=search], [data-result]')];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  if (event.key === 'Enter' && at === 0 && stops[0] instanceof HTMLInputElement && stops[0].value !== '') {
    event.preventDefault();
    stops[1]?.click();
  }
  if (step === 0 || at === -1) return;
  event.preventDefault();
  stops[at + step]?.focus();
}
