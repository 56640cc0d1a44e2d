import type { ReactNode } from 'react';

/** What stands where nothing is yet: a picture, a sentence, and what to do next. */
export function EmptyState({ icon, title, children }: { icon: ReactNode; title: string; children?: ReactNode }) {
  return (
    <div className="m-auto flex max-w-xs flex-col items-center gap-3 px-6 py-10 text-center">
      <div className="bg-soft text-accent flex size-16 items-center justify-center rounded-3xl">{icon}</div>
      <h2 className="text-lg font-semibold text-balance">{title}</h2>
      <div className="text-muted flex flex-col items-center gap-4 text-sm leading-relaxed text-pretty">{children}</div>
    </div>
  );
}
