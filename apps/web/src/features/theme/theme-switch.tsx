'use client';
import { Monitor, Moon, Sun, type LucideIcon } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { clsx } from 'clsx';
import { currentTheme, storeTheme, type Theme } from './theme.ts';

const CHOICES: readonly { theme: Theme; label: string; icon: LucideIcon }[] = [
  { theme: 'system', label: 'System', icon: Monitor },
  { theme: 'light', label: 'Light', icon: Sun },
  { theme: 'dark', label: 'Dark', icon: Moon },
];

const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Light, dark, or as the device has it. */
export function ThemeSwitch() {
  const chosen = useSyncExternalStore<Theme>(subscribe, currentTheme, () => 'system');
  const choose = (theme: Theme) => {
    storeTheme(theme);
    for (const listener of listeners) listener();
  };
  return (
    <fieldset className="border-line bg-raised inline-flex w-fit rounded-xl border p-1">
      <legend className="sr-only">Colour theme</legend>
      {CHOICES.map(({ theme, label, icon: Icon }) => (
        <label
          key={theme}
          className={clsx(
            'flex cursor-pointer items-center gap-1.5 rounded-lg px-3 py-1.5 text-sm font-medium transition-colors has-focus-visible:outline-2',
            chosen === theme ? 'bg-panel text-ink shadow-sm' : 'text-muted hover:text-ink',
          )}
        >
          <input
            type="radio"
            name="theme"
            value={theme}
            checked={chosen === theme}
            onChange={() => choose(theme)}
            className="sr-only"
          />
          <Icon size={16} aria-hidden />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
