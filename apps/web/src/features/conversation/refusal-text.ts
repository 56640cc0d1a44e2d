import type { Outgoing, OutgoingFault } from '@parley/chat-client';
import { pictureProblem } from '../pictures/picture-problem.ts';

const TEXTS: Partial<Record<OutgoingFault, string>> = {
  blocked: 'You can’t send messages to this person.',
  chat_not_found: 'This conversation no longer exists.',
  idempotency_conflict: 'This message was already sent with another text.',
  invalid_request: 'This message can’t be sent as it is.',
  payload_too_large: 'This message is too long.',
  picture_lost: 'This device no longer has the picture. Please choose it again.',
  reply_not_found: 'The message you replied to can’t be found.',
};

/** Why a message was refused, as its author should read it. */
export function refusalText({ code, detail, picture }: Pick<Outgoing, 'code' | 'detail' | 'picture'>): string {
  if (code === undefined) return OTHERWISE;
  return (picture === undefined ? undefined : pictureProblem(code, detail)) ?? TEXTS[code] ?? OTHERWISE;
}

const OTHERWISE = 'This message was not accepted.';
