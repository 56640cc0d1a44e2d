/**
 * The address that a request came from. Everybody can send an X-Forwarded-For; only what one's own proxies added to its
 * end is true, so `trustedHops` entries from the right (the connection's own address counted first) are believed.
 */
export function clientAddress(o: {
  forwardedFor: string | undefined;
  remoteAddress: string | undefined;
  trustedHops: number;
}): string {
  const claimed = (o.forwardedFor ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const chain = [...claimed, o.remoteAddress ?? ''];
  return chain[Math.max(0, chain.length - 1 - o.trustedHops)] ?? '';
}
