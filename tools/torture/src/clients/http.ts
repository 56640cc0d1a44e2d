import { problem, type ErrorCode } from '@parley/contracts';

/** What became of a request: an answer, a refusal with its code, or nothing that would tell. */
export type Outcome<T> = { kind: 'ok'; value: T } | { kind: 'refused'; code: ErrorCode } | { kind: 'unknown' };

const TIMEOUT_MS = 12_000;

/** One call of the public API. Never rejects. */
export async function callHttp<T>(
  base: string,
  method: string,
  path: string,
  o: { token?: string; body?: object } = {},
): Promise<Outcome<T>> {
  try {
    const answer = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: {
        'x-token-transport': 'body',
        ...(o.body ? { 'content-type': 'application/json' } : {}),
        ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }),
      },
      ...(o.body ? { body: JSON.stringify(o.body) } : {}),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body: unknown = answer.status === 204 ? undefined : await answer.json();
    if (answer.ok) return { kind: 'ok', value: body as T };
    const told = problem.safeParse(body);
    return told.success ? { kind: 'refused', code: told.data.code } : { kind: 'unknown' };
  } catch {
    // Refused, reset, timed out or cut off in the middle of the answer: all the same to a client.
    return { kind: 'unknown' };
  }
}
