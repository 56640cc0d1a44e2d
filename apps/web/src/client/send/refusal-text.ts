import type { ErrorCode } from '@parley/contracts';
import type { ApiError } from '../http/errors.ts';

const TEXTS: Partial<Record<ErrorCode, string>> = {
  blocked: 'You can’t send messages to this person.',
  chat_not_found: 'This conversation no longer exists.',
  idempotency_conflict: 'This message was already sent with another text.',
  invalid_request: 'This message can’t be sent as it is.',
  payload_too_large: 'This message is too long.',
};

/** Why a message was refused, as its author should read it. */
export const refusalText = (error: ApiError): string => TEXTS[error.code] ?? 'This message was not accepted.';
