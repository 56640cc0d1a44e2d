/** Two voices that meet: the mark of Parley. */
export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden className="shrink-0">
      <rect width="32" height="32" rx="9" fill="#14606f" />
      <path
        d="M7 8h11a4 4 0 0 1 4 4v2a4 4 0 0 1-4 4h-5l-4.2 3.4a.5.5 0 0 1-.8-.4V18a3 3 0 0 1-3-3v-5a2 2 0 0 1 2-2Z"
        fill="#fff"
      />
      <path
        d="M24.5 13.2A3.6 3.6 0 0 1 27 16.6v3.2a3.2 3.2 0 0 1-2.6 3.1v2a.5.5 0 0 1-.8.4L20.5 23H17a3 3 0 0 1-2.4-1.2l1.5-1.3h2.4a6 6 0 0 0 6-6Z"
        fill="#f6b27a"
      />
    </svg>
  );
}
