'use client';
import { HardDrive, MessagesSquare, ShieldCheck, type LucideIcon } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { clsx } from 'clsx';
import { buttonClass } from '../../ui/button.tsx';
import { Logo } from '../../ui/logo.tsx';
import { Opening } from './opening.tsx';
import { useSessionState } from './session-provider.tsx';

const PROMISES: readonly { icon: LucideIcon; title: string; text: string }[] = [
  { icon: HardDrive, title: 'On your own server', text: 'Your words stay where you put them, and nowhere else.' },
  {
    icon: ShieldCheck,
    title: 'Nothing gets lost',
    text: 'What is sent arrives: once, in order, even after hours offline.',
  },
  { icon: MessagesSquare, title: 'Just the two of you', text: 'Calm conversations, without feeds, ads or noise.' },
];

/** The front door. */
export function Welcome() {
  const state = useSessionState();
  const router = useRouter();
  const signedIn = state.status === 'signed-in';
  useEffect(() => {
    if (signedIn) router.replace('/chats');
  }, [signedIn, router]);

  if (state.status !== 'signed-out') return <Opening unreachable={state.status === 'restoring' && state.unreachable} />;
  return (
    <main className="page-padding mx-auto flex min-h-dvh max-w-4xl flex-col justify-center gap-14 px-6">
      <header className="flex flex-col items-start gap-6">
        <div className="flex items-center gap-3">
          <Logo size={48} />
          <span className="text-2xl font-bold tracking-tight">Parley</span>
        </div>
        <h1 className="max-w-2xl text-4xl leading-tight font-bold tracking-tight text-balance sm:text-5xl">
          Good conversations deserve a place of their own.
        </h1>
        <p className="text-muted max-w-xl text-lg text-pretty">
          Parley is a one-to-one chat that you host yourself and can trust.
        </p>
        <div className="flex w-full flex-col gap-3 sm:w-auto sm:flex-row">
          <Link href="/register" className={clsx(buttonClass(), 'sm:px-6')}>
            Create an account
          </Link>
          <Link href="/login" className={clsx(buttonClass('quiet'), 'sm:px-6')}>
            Sign in
          </Link>
        </div>
      </header>
      <ul className="grid gap-6 sm:grid-cols-3">
        {PROMISES.map(({ icon: Icon, title, text }) => (
          <li key={title} className="border-line flex flex-col gap-2 border-t pt-5">
            <Icon size={22} className="text-warm" aria-hidden />
            <h2 className="font-semibold">{title}</h2>
            <p className="text-muted text-sm leading-relaxed">{text}</p>
          </li>
        ))}
      </ul>
    </main>
  );
}
