import { ApiError } from '../http/errors.ts';

/** Codes with which the socket's side says that it can't reach what answers; the other way may. */
const AWAY = new Set(['unavailable', 'gateway_timeout', 'bad_gateway', 'internal_error', 'unauthorized']);

/** Over the socket where it is up; over HTTP where it is away, silent, or cut off from what answers. A refusal is a refusal on both. */
export async function socketElseHttp<T>(isReady: boolean, overSocket: () => Promise<T>, overHttp: () => Promise<T>) {
  if (!isReady) return overHttp();
  try {
    return await overSocket();
  } catch (error) {
    if (error instanceof ApiError && !AWAY.has(error.code)) throw error;
    return overHttp();
  }
}
