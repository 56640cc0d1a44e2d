import type { ParleyEvent } from '@parley/rabbitmq';
import type { ChatDocument } from '../../database.ts';

/** Tells others of a new chat. Each member's view of it differs, so the event carries no more than who and when. */
export function createDeliverChat(publish: (event: ParleyEvent) => Promise<void>) {
  return ({ _id, members, createdBy, createdAt }: ChatDocument): Promise<void> =>
    publish({
      id: `chat:${_id}:created`,
      type: 'chat.created',
      version: 1,
      at: createdAt.toISOString(),
      payload: { chatId: _id, members: [...members], createdBy, createdAt: createdAt.toISOString() },
    });
}
