/** Two voices that meet: the mark of Parley. */
export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden className="shrink-0">
      <rect width="32" height="32" rx="9" fill="#14606f" />
      <path
        d="M15.5 13.5h7a4 4 0 0 1 4 4v2.2a4 4 0 0 1-1.6 3.2v2.3a.55.55 0 0 1-.9.43l-2.4-1.93h-6.1a4 4 0 0 1-4-4v-2.2a4 4 0 0 1 4-4Z"
        fill="#f6b27a"
      />
      <path
        d="M9 6.5h8.5a4 4 0 0 1 4 4v2.5a4 4 0 0 1-4 4h-5.3l-3 2.45a.55.55 0 0 1-.9-.43V17a4 4 0 0 1-2.8-4v-2.5a4 4 0 0 1 3.5-4Z"
        fill="#fff"
        stroke="#14606f"
        strokeWidth="1.5"
      />
    </svg>
  );
}
