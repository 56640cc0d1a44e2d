import type { Outgoing, OutgoingFault } from '@parley/chat-client';

const TEXTS: Partial<Record<OutgoingFault, string>> = {
  blocked: 'You can’t send messages to this person.',
  chat_not_found: 'This conversation no longer exists.',
  idempotency_conflict: 'This message was already sent with another text.',
  image_rejected: 'This picture is damaged, or not what its name says.',
  invalid_request: 'This message can’t be sent as it is.',
  payload_too_large: 'This message is too long.',
  picture_lost: 'This device no longer has the picture. Please choose it again.',
  reply_not_found: 'The message you replied to can’t be found.',
};

/** Why a message was refused, as its author should read it. */
export function refusalText({ code, detail, picture }: Pick<Outgoing, 'code' | 'detail' | 'picture'>): string {
  if (code === 'image_rejected' && detail) return `This picture can’t be sent. ${detail}`;
  if (code === 'payload_too_large' && picture !== undefined) return 'This picture is larger than 10 MB.';
  return (code === undefined ? undefined : TEXTS[code]) ?? 'This message was not accepted.';
}
