import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { readEnv } from '../env.ts';
import { SessionProvider } from '../features/session/session-provider.tsx';
import { readTheme, THEME_COOKIE } from '../features/theme/theme.ts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Parley', template: '%s · Parley' },
  description: 'Private one-to-one conversations on a server of your own.',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  interactiveWidget: 'resizes-content',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f4f8f9' },
    { media: '(prefers-color-scheme: dark)', color: '#0f1519' },
  ],
};

/** Made for each request: it hands the URLs of this run to the browser, and the theme cookie decides the first paint. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  await connection();
  const { apiUrl, socketUrl } = readEnv();
  const theme = readTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme}>
      <body className="bg-canvas text-ink font-sans antialiased">
        <SessionProvider config={{ apiUrl, socketUrl }}>{children}</SessionProvider>
      </body>
    </html>
  );
}
