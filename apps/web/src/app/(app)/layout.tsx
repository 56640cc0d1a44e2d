import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { AppShell } from '../../features/chats/app-shell.tsx';

export const metadata: Metadata = { title: 'Chats' };

/** One shell for every view behind the sign-in: it reads the view from the address, so that going from one to another asks no server. */
export default function AppLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <AppShell />
      {children}
    </>
  );
}
