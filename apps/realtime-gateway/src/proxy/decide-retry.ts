/** Milliseconds before each further try: together about what an instance behind a load balancer needs to be taken out. */
const PAUSES_MS = [100, 300, 800] as const;

/**
 * How long to wait before a request whose service failed, before any part of an answer, is sent once more; undefined: not
 * again. A refused connection never carried the request, so any may go again; one that was cut may have been carried out: an instance
 * that ends may close an idle connection just as a request is put on it.
 *
 * @param isRepeatable whether carrying the request out twice is the same as once
 * @param failures how many tries have failed
 */
export function decideRetry(o: {
  isRepeatable: boolean;
  errorCode: string | undefined;
  failures: number;
}): number | undefined {
  const wasNeverSent = o.errorCode === 'ECONNREFUSED';
  const mayRepeat = wasNeverSent || (o.errorCode === 'ECONNRESET' && o.isRepeatable);
  return mayRepeat ? PAUSES_MS[o.failures - 1] : undefined;
}
