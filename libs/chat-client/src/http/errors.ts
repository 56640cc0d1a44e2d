import { ERROR_STATUS, type ErrorCode, type FieldError } from '@parley/contracts';

/** The server answered, and refused: over HTTP a problem+json (RFC 9457), over the socket an acknowledgement with `ok: false`. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly fields: readonly FieldError[];
  /** Milliseconds the server asked to wait (Retry-After), where it did. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    detail: string,
    extra: { status?: number; fields?: readonly FieldError[]; retryAfterMs?: number | undefined } = {},
  ) {
    super(detail);
    this.name = 'ApiError';
    this.code = code;
    this.status = extra.status ?? ERROR_STATUS[code];
    this.fields = extra.fields ?? [];
    this.retryAfterMs = extra.retryAfterMs;
  }
}

/** Nothing came back in time: no network, no server, or an answer that nobody can read. Whether the request was done is not known. */
export class ConnectionError extends Error {
  constructor(detail: string, cause?: unknown) {
    super(detail, { cause });
    this.name = 'ConnectionError';
  }
}

/** Whether the same request may succeed later as it is: a failure of the way or of the server, or a limit, not a refusal of what was asked. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof ApiError)) return true;
  return error.status >= 500 || error.status === 429 || error.status === 401;
}
