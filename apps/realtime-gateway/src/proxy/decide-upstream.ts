export const UPSTREAMS = ['auth', 'users', 'chat'] as const;
export type Upstream = (typeof UPSTREAMS)[number];

const ROUTES: readonly { path: string; below: boolean; upstream: Upstream }[] = [
  { path: '/api/v1/auth', below: true, upstream: 'auth' },
  { path: '/api/v1/users', below: true, upstream: 'users' },
  { path: '/api/v1/chat', below: true, upstream: 'chat' },
  { path: '/.well-known/jwks.json', below: false, upstream: 'auth' },
];

/**
 * Which service answers a request target (path and query as the client sent it); undefined for what is not public.
 *
 * A target that a URL parser would read otherwise than as written (`..`, `%2e%2e`, `\`, `//host`, an absolute URL) is not
 * public: the service behind might read it the other way and serve what is internal.
 */
export function decideUpstream(target: string): Upstream | undefined {
  const path = target.split('?', 1)[0] ?? '';
  if (!URL.canParse(path, BASE) || new URL(path, BASE).pathname !== path) return undefined;
  return ROUTES.find((route) => path === route.path || (route.below && path.startsWith(`${route.path}/`)))?.upstream;
}

const BASE = 'http://gateway.invalid';
