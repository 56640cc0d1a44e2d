/** A cookie, so that the server's HTML has the right colours from the first paint. */
export const THEME_COOKIE = 'parley_theme';
export type Theme = 'system' | 'light' | 'dark';

/** `system` for anything that is no theme. */
export const readTheme = (value: string | undefined): Theme =>
  value === 'light' || value === 'dark' ? value : 'system';

const YEAR_SECONDS = 31_536_000;

/** The theme on the page now. */
export const currentTheme = (): Theme => readTheme(document.documentElement.dataset['theme']);

export function storeTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}
