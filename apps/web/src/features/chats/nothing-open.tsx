import { MessagesSquare } from 'lucide-react';
import { EmptyState } from '../../ui/empty-state.tsx';

/** The right pane while no conversation is open. */
export function NothingOpen() {
  return (
    <main className="flex flex-1">
      <EmptyState icon={<MessagesSquare size={28} aria-hidden />} title="Pick up a conversation">
        <p>Choose one on the left, or look for somebody to write to.</p>
      </EmptyState>
    </main>
  );
}
