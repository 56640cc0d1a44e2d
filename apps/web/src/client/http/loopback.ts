const LOOPBACK = new Set(['localhost', '127.0.0.1']);

/**
 * `apiUrl` under the loopback name that the page itself was opened with: browsers take `localhost` and `127.0.0.1` for different sites,
 * and would not send the SameSite cookie from one to the other.
 */
export function onSameLoopback(apiUrl: string, pageHostname: string): string {
  const url = new URL(apiUrl);
  if (!LOOPBACK.has(url.hostname) || !LOOPBACK.has(pageHostname)) return apiUrl;
  url.hostname = pageHostname;
  return url.origin;
}

/** Every name under which a page may reach `apiUrl`, for the Content-Security-Policy. */
export function loopbackNames(apiUrl: string): string[] {
  const url = new URL(apiUrl);
  if (!LOOPBACK.has(url.hostname)) return [url.origin];
  return [...LOOPBACK].map((name) => onSameLoopback(apiUrl, name));
}
