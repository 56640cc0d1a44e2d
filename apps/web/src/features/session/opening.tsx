import { Logo } from '../../ui/logo.tsx';

/** While the session is being restored. */
export function Opening({ unreachable }: { unreachable: boolean }) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-4 px-6 text-center" aria-busy="true">
      <div className="animate-pulse">
        <Logo size={56} />
      </div>
      <p role="status" className="text-muted min-h-6 text-sm">
        {unreachable ? (
          'Parley can’t be reached right now. Trying again…'
        ) : (
          <span className="sr-only">Opening Parley…</span>
        )}
      </p>
    </main>
  );
}
