import { setTimeout as sleep } from 'node:timers/promises';

/** One call of the public API. @throws with what the API answered, when it isn't what was asked for */
export async function callApi<T>(
  base: string,
  path: string,
  o: { token?: string; body?: object; method?: string } = {},
): Promise<T> {
  const answer = await fetch(base + path, {
    method: o.method ?? (o.body ? 'POST' : 'GET'),
    headers: {
      'content-type': 'application/json',
      'x-token-transport': 'body',
      ...(o.token ? { authorization: `Bearer ${o.token}` } : {}),
    },
    ...(o.body ? { body: JSON.stringify(o.body) } : {}),
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

const TRIES = 4;

/** Runs what may be run twice again when it failed, after a pause: a stack that has just started may be short of breath. */
export async function retried<T>(fn: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await fn();
    } catch (error) {
      if (tries === TRIES) throw error;
    }
    await sleep(tries * 500);
  }
}

/** Maps with at most `width` running at once. */
export async function mapBounded<T, R>(items: readonly T[], width: number, fn: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) results[at] = await fn(items[at] as T);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
  return results;
}
