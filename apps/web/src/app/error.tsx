'use client';
import { CircleAlert } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

export default function ErrorPage({ error, reset }: { error: Error; reset: () => void }) {
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <main className="flex min-h-dvh">
      <EmptyState icon={<CircleAlert size={28} aria-hidden />} title="Something went wrong">
        <p>This page stumbled. Your messages are safe.</p>
        <Button onClick={reset}>Try again</Button>
      </EmptyState>
    </main>
  );
}
