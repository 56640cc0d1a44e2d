'use client';
import { useRouter } from 'next/navigation';
import { useEffect, type ReactNode } from 'react';
import { Logo } from '../../ui/logo.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Opening } from './opening.tsx';
import { useSessionState } from './session-provider.tsx';

const REASONS = {
  expired: 'Your session has ended. Please sign in again.',
  revoked: 'You were signed out from another device. Please sign in again.',
};

/** The page of a form for those who are not signed in; who is goes on to their chats. */
export function AuthFrame({
  title,
  lead,
  children,
  footer,
}: {
  title: string;
  lead: string;
  children: ReactNode;
  footer: ReactNode;
}) {
  const state = useSessionState();
  const router = useRouter();
  const signedIn = state.status === 'signed-in';
  useEffect(() => {
    if (signedIn) router.replace('/chats');
  }, [signedIn, router]);

  if (state.status !== 'signed-out') return <Opening unreachable={state.status === 'restoring' && state.unreachable} />;
  return (
    <main className="page-padding flex min-h-dvh flex-col items-center justify-center px-5">
      <div className="flex w-full max-w-sm flex-col gap-7">
        <header className="flex flex-col gap-3">
          <Logo size={44} />
          <div>
            <h1 className="text-2xl font-bold tracking-tight">{title}</h1>
            <p className="text-muted mt-1">{lead}</p>
          </div>
        </header>
        {state.reason !== undefined && <Notice tone="info">{REASONS[state.reason]}</Notice>}
        {children}
        <p className="text-muted text-sm">{footer}</p>
      </div>
    </main>
  );
}
