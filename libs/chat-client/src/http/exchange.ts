import { errorCode, problem, type ErrorCode } from '@parley/contracts';
import type { z } from 'zod';
import { ApiError, ConnectionError } from './errors.ts';

export type ApiRequest<T> = {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the public entry, for example `/api/v1/chat/all`. */
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  /** Sends and takes cookies; the routes of the refresh cookie only. */
  credentials?: boolean;
  token?: string;
  /** Absent where the answer has no content. */
  answer?: z.ZodType<T>;
  signal?: AbortSignal;
  /** Milliseconds to wait for the answer, where it takes longer than most. */
  timeoutMs?: number;
};

/** As much of `fetch` as is used; the browser's and Node's both fit. */
export type Fetch = (
  url: URL,
  init: {
    method: string;
    headers: Record<string, string>;
    cache: 'no-store';
    credentials: 'include' | 'omit';
    signal: AbortSignal;
    body?: string;
  },
) => Promise<Response>;
/** One exchange with the API, its answer parsed. Rejects with ApiError or ConnectionError. */
export type Exchange = <T>(request: ApiRequest<T>) => Promise<T>;

const TIMEOUT_MS = 10_000;

/** The HTTP end of the client, at the public entry `baseUrl`. */
export function createExchange(baseUrl: string, fetcher: Fetch): Exchange {
  return async <T>(request: ApiRequest<T>): Promise<T> => {
    const response = await send(baseUrl, fetcher, request);
    if (!response.ok) throw await toApiError(response);
    if (request.answer === undefined) return undefined as T;
    const parsed = request.answer.safeParse(await readJson(response));
    if (!parsed.success) throw new ConnectionError(`unreadable answer of ${request.path}`, parsed.error);
    return parsed.data;
  };
}

async function send(baseUrl: string, fetcher: Fetch, request: ApiRequest<unknown>): Promise<Response> {
  const url = new URL(request.path, baseUrl);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const headers: Record<string, string> = { accept: 'application/json' };
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  if (request.token !== undefined) headers['authorization'] = `Bearer ${request.token}`;
  const timeout = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS);
  try {
    return await fetcher(url, {
      method: request.method,
      headers,
      cache: 'no-store',
      credentials: request.credentials === true ? 'include' : 'omit',
      signal: request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal]),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
  } catch (error) {
    throw new ConnectionError(`no answer from ${request.path}`, error);
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    throw new ConnectionError('the answer is no JSON', error);
  }
}

/** A refusal without a readable problem (a proxy's error page) gets the code of its status. */
async function toApiError(response: Response): Promise<ApiError> {
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'));
  const body = problem.safeParse(await readJson(response).catch(() => null));
  if (body.success) {
    return new ApiError(body.data.code, body.data.detail, {
      status: response.status,
      fields: body.data.errors ?? [],
      retryAfterMs,
    });
  }
  return new ApiError(codeOfStatus(response.status), `HTTP ${response.status}`, {
    status: response.status,
    retryAfterMs,
  });
}

const CODES: Record<number, ErrorCode> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  429: 'rate_limited',
};

function codeOfStatus(status: number): ErrorCode {
  return CODES[status] ?? errorCode.parse(status >= 500 ? 'unavailable' : 'invalid_request');
}

/** Retry-After in seconds (RFC 9110, 10.2.3; the date form is not used by Parley), as milliseconds. */
function parseRetryAfter(header: string | null): number | undefined {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
