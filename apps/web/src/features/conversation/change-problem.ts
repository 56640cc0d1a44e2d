import { ApiError } from '@parley/chat-client';
import type { ErrorCode } from '@parley/contracts';
import { errorText } from '../session/error-text.ts';

const TEXTS: Partial<Record<ErrorCode, string>> = {
  message_deleted: 'This message was deleted meanwhile.',
  edit_conflict: 'You changed this message on another device meanwhile.',
  message_not_found: 'This message can’t be found any more.',
  not_sender: 'Only who wrote a message can change it.',
  too_many_reactions: 'You have left as many reactions here as fit.',
  blocked: 'You can’t write to this person.',
};

/** Why a message could not be changed, as a person should read it. */
export const changeProblem = (error: unknown): string =>
  (error instanceof ApiError ? TEXTS[error.code] : undefined) ?? errorText(error);

/** The same of a change that was refused after it had waited. */
export const changeRefusal = (code: ErrorCode | undefined): string =>
  (code === undefined ? undefined : TEXTS[code]) ?? 'This change was not accepted.';
