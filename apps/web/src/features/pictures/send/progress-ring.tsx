import { clsx } from 'clsx';

const RADIUS = 23;
const LENGTH = 2 * Math.PI * RADIUS;

/** A ring that fills; where nobody knows how far it is, a piece of it goes round. Fills its parent. */
export function ProgressRing({ fraction, text, isStill }: { fraction: number | null; text: string; isStill: boolean }) {
  const shown = fraction ?? (isStill ? 0 : 0.25);
  return (
    <svg
      viewBox="0 0 52 52"
      role="progressbar"
      aria-label="Upload of the photo"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={fraction === null ? undefined : Math.floor(fraction * 100)}
      aria-valuetext={text}
      className={clsx(
        'pointer-events-none absolute inset-0 size-full',
        fraction === null && !isStill && 'animate-spin',
      )}
    >
      <circle cx="26" cy="26" r={RADIUS} fill="none" stroke="currentColor" strokeWidth="3" opacity="0.3" />
      <circle
        cx="26"
        cy="26"
        r={RADIUS}
        fill="none"
        stroke="currentColor"
        strokeWidth="3"
        strokeLinecap="round"
        strokeDasharray={LENGTH}
        strokeDashoffset={LENGTH * (1 - shown)}
        transform="rotate(-90 26 26)"
        className="transition-[stroke-dashoffset] duration-200"
      />
    </svg>
  );
}
