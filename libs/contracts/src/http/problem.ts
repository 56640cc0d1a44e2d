import { z } from 'zod';

/** Every stable error code of Parley, and the HTTP status it answers with. Sockets send the code alone. */
export const ERROR_STATUS = {
  invalid_request: 400,
  payload_too_large: 413,
  unsupported_media_type: 415,
  unauthorized: 401,
  invalid_credentials: 401,
  refresh_invalid: 401,
  refresh_reused: 401,
  forbidden: 403,
  blocked: 403,
  not_sender: 403,
  not_found: 404,
  user_not_found: 404,
  chat_not_found: 404,
  message_not_found: 404,
  upload_not_found: 404,
  username_taken: 409,
  email_taken: 409,
  message_deleted: 409,
  edit_conflict: 409,
  upload_incomplete: 409,
  upload_used: 409,
  idempotency_conflict: 422,
  cannot_chat_with_self: 422,
  image_rejected: 422,
  reply_not_found: 422,
  too_many_reactions: 422,
  rate_limited: 429,
  too_many_attempts: 429,
  too_many_uploads: 429,
  internal_error: 500,
  bad_gateway: 502,
  unavailable: 503,
  gateway_timeout: 504,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof ERROR_STATUS;

export const errorCode = z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]);

/** One field that was refused; `path` is dotted, empty for the whole input. */
export const fieldError = z.strictObject({ path: z.string(), message: z.string() });
export type FieldError = z.infer<typeof fieldError>;

/** RFC 9457 problem details, with a stable `code` that programs may rely on and a `detail` written for people. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: errorCode,
  detail: z.string(),
  errors: z.array(fieldError).optional(),
  requestId: z.string(),
});
export type Problem = z.infer<typeof problem>;

/** The fields that zod refused, as the problem's `errors`. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }));
}
