import { clsx } from 'clsx';

/** Rows of people or chats that are on their way. */
export function RowSkeletons({ count }: { count: number }) {
  return (
    <div aria-busy="true" className="px-5 py-2">
      <span className="sr-only">Loading…</span>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className="flex animate-pulse items-center gap-3 py-2.5" aria-hidden>
          <div className="bg-raised size-11 rounded-full" />
          <div className="flex-1 space-y-2">
            <div className="bg-raised h-3.5 w-2/5 rounded-full" />
            <div className="bg-raised h-3 w-3/4 rounded-full" />
          </div>
        </div>
      ))}
    </div>
  );
}

const BUBBLES = ['w-40', 'ml-auto w-52', 'ml-auto w-32', 'w-60', 'w-28', 'ml-auto w-44'];

/** A conversation that is on its way. */
export function BubbleSkeletons() {
  return (
    <div aria-busy="true" className="mx-auto mt-auto w-full max-w-3xl space-y-2.5 px-4 py-5">
      <span className="sr-only">Loading messages…</span>
      {BUBBLES.map((shape) => (
        <div key={shape} aria-hidden className={clsx('bg-raised h-10 animate-pulse rounded-2xl', shape)} />
      ))}
    </div>
  );
}
