import type { ErrorCode } from '@parley/contracts';

const TEXTS: Partial<Record<ErrorCode, string>> = {
  blocked: 'You can’t send messages to this person.',
  chat_not_found: 'This conversation no longer exists.',
  idempotency_conflict: 'This message was already sent with another text.',
  invalid_request: 'This message can’t be sent as it is.',
  payload_too_large: 'This message is too long.',
  reply_not_found: 'The message you replied to can’t be found.',
};

/** Why a message was refused, as its author should read it. */
export const refusalText = (code: ErrorCode | undefined): string =>
  (code === undefined ? undefined : TEXTS[code]) ?? 'This message was not accepted.';
