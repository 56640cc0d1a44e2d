import Link from 'next/link';
import { Compass } from 'lucide-react';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

export default function NotFound() {
  return (
    <main className="flex min-h-dvh">
      <EmptyState icon={<Compass size={28} aria-hidden />} title="There is nothing here">
        <p>This page doesn’t exist, or no longer does.</p>
        <Link href="/chats" className={buttonClass()}>
          To my chats
        </Link>
      </EmptyState>
    </main>
  );
}
