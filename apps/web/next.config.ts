import type { NextConfig } from 'next';
import { join } from 'node:path';

const repositoryRoot = join(import.meta.dirname, '..', '..');

const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
];

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: repositoryRoot,
  reactStrictMode: true,
  poweredByHeader: false,
  // `nx typecheck` is its own step, with the strict options of the workspace.
  typescript: { ignoreBuildErrors: true },
  turbopack: {
    root: repositoryRoot,
    // Turbopack has no custom resolve conditions, so the workspace libraries' sources are named here: an edit in them is seen at once, and no library needs a build first.
    resolveAlias: {
      '@parley/domain': '../../libs/domain/src/index.ts',
      '@parley/chat-client': '../../libs/chat-client/src/index.ts',
      '@parley/contracts': '../../libs/contracts/src/index.ts',
    },
  },
  // The Content-Security-Policy is made per request in src/proxy.ts, since it carries a nonce and run-time URLs.
  headers: () => Promise.resolve([{ source: '/:path*', headers: securityHeaders }]),
};

export default config;
