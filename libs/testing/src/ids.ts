import { randomUUID } from 'node:crypto';
import type { ChatId, ClientMessageId, SessionId, UserId } from '@parley/domain';

/** Fresh ids in the form that the services give out: UUIDs. */
export const newUserId = (): UserId => randomUUID() as UserId;
export const newChatId = (): ChatId => randomUUID() as ChatId;
export const newSessionId = (): SessionId => randomUUID() as SessionId;
export const newClientMessageId = (): ClientMessageId => randomUUID() as ClientMessageId;
