'use client';
import { Settings as SettingsIcon } from 'lucide-react';
import { useState } from 'react';
import { Logo } from '../../ui/logo.tsx';
import { ChatList } from './chat-list.tsx';
import { SETTINGS_PATH } from './navigate.ts';
import { PeopleResults } from './people-results.tsx';
import { RouteLink } from './route-link.tsx';
import { SearchBox } from './search-box.tsx';
import { focusResult } from './result-keys.ts';
import { AllMessagesResults } from '../search/all-messages-results.tsx';

/** The list of chats, and the search for people and messages above it. */
export function Sidebar() {
  const [query, setQuery] = useState('');
  const isSearching = query.trim() !== '';
  return (
    <nav
      aria-label="Chats"
      className="safe-top flex min-h-0 flex-1 flex-col"
      onKeyDown={(event) => {
        if (event.key === 'Escape') setQuery('');
        focusResult(event);
      }}
    >
      <div className="flex items-center gap-2.5 px-4 pt-4 pb-3">
        <Logo size={30} />
        <span className="flex-1 text-xl font-bold tracking-tight">Parley</span>
        <RouteLink
          href={SETTINGS_PATH}
          aria-label="Settings"
          title="Settings"
          className="text-muted hover:bg-raised hover:text-ink -mr-2 inline-flex size-11 items-center justify-center rounded-xl"
        >
          <SettingsIcon size={20} aria-hidden />
        </RouteLink>
      </div>
      <SearchBox query={query} onChange={setQuery} />
      <div className="safe-bottom min-h-0 flex-1 overflow-y-auto overscroll-contain">
        {isSearching ? (
          <>
            <PeopleResults query={query.trim()} onDone={() => setQuery('')} />
            <AllMessagesResults query={query.trim()} />
          </>
        ) : (
          <ChatList />
        )}
      </div>
    </nav>
  );
}
