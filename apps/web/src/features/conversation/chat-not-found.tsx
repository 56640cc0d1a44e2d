import { Compass } from 'lucide-react';
import { buttonClass } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { CHATS_PATH } from '../chats/navigate.ts';
import { RouteLink } from '../chats/route-link.tsx';

export function ChatNotFound() {
  return (
    <main className="flex flex-1">
      <EmptyState icon={<Compass size={28} aria-hidden />} title="This conversation doesn’t exist">
        <p>Or it isn’t yours to read.</p>
        <RouteLink href={CHATS_PATH} className={buttonClass()}>
          To my chats
        </RouteLink>
      </EmptyState>
    </main>
  );
}
