import { ERROR_STATUS, type ErrorCode, type FieldError, type Problem } from '@parley/contracts';

/** An answer that is an error, with one of Parley's stable codes. Thrown anywhere in a route, sent by the one error sink. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly code: ErrorCode;
  readonly status: number;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  /**
   * @param detail a sentence for people; by default the code in words
   * @param extra.errors the fields that were refused
   * @param extra.retryAfterSeconds sent as the header Retry-After
   */
  constructor(code: ErrorCode, detail?: string, extra: { errors?: FieldError[]; retryAfterSeconds?: number } = {}) {
    super(detail ?? titleOf(code));
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
