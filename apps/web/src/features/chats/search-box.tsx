'use client';
import { Search, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { SEARCH_QUERY_MAX } from '@parley/domain';

/** Where people and messages are looked for; `/` or Ctrl+K leads here from anywhere but a text. */
export function SearchBox({ query, onChange }: { query: string; onChange(query: string): void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      const isShortcut = (event.key === 'k' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && !isTyping);
      if (!isShortcut) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <div role="search" className="relative px-4 pb-3">
      <Search size={18} aria-hidden className="text-muted pointer-events-none absolute top-3.5 left-7.5" />
      <input
        ref={input}
        type="search"
        aria-label="Search people and messages"
        placeholder="Search"
        autoComplete="off"
        spellCheck={false}
        maxLength={SEARCH_QUERY_MAX}
        value={query}
        onChange={(event) => onChange(event.target.value)}
        className="bg-raised placeholder:text-muted focus:border-accent focus:bg-panel h-11 w-full rounded-xl border border-transparent pr-10 pl-10.5 text-base outline-none md:text-[15px] [&::-webkit-search-cancel-button]:hidden"
      />
      {query !== '' && (
        <button
          type="button"
          aria-label="Clear search"
          onClick={() => {
            onChange('');
            input.current?.focus();
          }}
          className="text-muted hover:text-ink absolute top-0 right-4 flex size-11 items-center justify-center"
        >
          <X size={18} aria-hidden />
        </button>
      )}
    </div>
  );
}
