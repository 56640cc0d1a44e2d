import { ERROR_STATUS, type ErrorCode, type FieldError, type Problem } from '@parley/contracts';

/** Where the title says too little to somebody who reads it on a screen. */
const DETAILS: Partial<Record<ErrorCode, string>> = {
  payload_too_large: 'The request is too large.',
  internal_error: 'Something went wrong on our side.',
  unavailable: 'This cannot be answered right now. Please try again in a moment.',
};

/** An answer that is an error, with one of Parley's stable codes. Thrown anywhere in a route, sent by the one error sink. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly code: ErrorCode;
  readonly status: number;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  /**
   * @param detail a sentence for people; by default a general one for the code
   * @param extra.errors the fields that were refused
   * @param extra.retryAfterSeconds sent as the header Retry-After
   */
  constructor(code: ErrorCode, detail?: string, extra: { errors?: FieldError[]; retryAfterSeconds?: number } = {}) {
    super(detail ?? DETAILS[code] ?? titleOf(code));
    this.code = code;
    this.status = ERROR_STATUS[code];
    this.errors = extra.errors;
    this.retryAfterSeconds = extra.retryAfterSeconds;
  }
}

/** The problem as RFC 9457 has it on the wire. */
export function presentProblem(problem: HttpProblem, requestId: string): Problem {
  return {
    type: `urn:parley:problem:${problem.code}`,
    title: titleOf(problem.code),
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    ...(problem.errors ? { errors: problem.errors } : {}),
    requestId,
  };
}

/** `username_taken` -> `Username taken` */
function titleOf(code: ErrorCode): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
