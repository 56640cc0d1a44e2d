import type { ErrorCode } from '@parley/contracts';
import { ApiError } from '@parley/chat-client';

const TEXTS: Partial<Record<ErrorCode, string>> = {
  invalid_credentials: 'That name and password don’t belong together. Please try again.',
  username_taken: 'Somebody else has this username already.',
  email_taken: 'There is an account with this e-mail address already.',
  user_not_found: 'This person no longer exists.',
  blocked: 'You can’t write to this person.',
  cannot_chat_with_self: 'You can’t start a conversation with yourself.',
  invalid_request: 'Please check what you entered.',
};

const OFFLINE = 'You seem to be offline. Please try again once you are connected.';
const UNREACHABLE = 'Parley can’t be reached right now. Please try again in a moment.';

/** What went wrong, as a person should read it. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return navigator.onLine ? UNREACHABLE : OFFLINE;
  if (error.status === 429) return `Too many attempts. Please wait ${waitText(error.retryAfterMs)} and try again.`;
  return TEXTS[error.code] ?? (error.status >= 500 ? UNREACHABLE : 'Something went wrong. Please try again.');
}

function waitText(ms: number | undefined): string {
  if (ms === undefined) return 'a moment';
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 90) return seconds === 1 ? 'a second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

/** Errors that belong to a field, by the field's name. */
export function fieldTexts(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  if (error.code === 'username_taken') return { username: errorText(error) };
  if (error.code === 'email_taken') return { email: errorText(error) };
  return Object.fromEntries(
    error.fields.filter((field) => field.path !== '').map((f) => [f.path, sentence(f.message)]),
  );
}

/** zod's messages begin small, and speak of strings. */
export function sentence(message: string): string {
  const plain = message
    .replace(/^Too small: expected string to have >=(\d+) characters$/, 'At least $1 characters')
    .replace(/^Too big: expected string to have <=(\d+) characters$/, 'At most $1 characters');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
