import type { CommandOutput } from '@parley/contracts';
import type { ChatId, UserId } from '@parley/domain';
import { LRUCache } from 'lru-cache';
import type { Ask } from '../../ports.ts';
import { EventRefused } from '../../socket/client-event.ts';

type Members = readonly [UserId, UserId];

export type Membership = {
  /** Asks chat-api anew, since it also gives the chat's present head. Rejects with `chat_not_found` for who is no member. */
  authorize(callerId: UserId, chatId: ChatId): Promise<CommandOutput<'chat.authorize'>>;
  /** The members of a chat of the caller's. Rejects with `chat_not_found` for who is no member. */
  membersOf(callerId: UserId, chatId: ChatId): Promise<Members>;
  /** Keeps what an event told. */
  remember(chatId: ChatId, members: Members): void;
};

const CHATS_KEPT = 50_000;

/** Who the members of a chat are. They never change, so what was learned once holds for the life of the process. */
export function createMembership(ask: Ask): Membership {
  const known = new LRUCache<ChatId, Members>({ max: CHATS_KEPT });

  const authorize: Membership['authorize'] = async (callerId, chatId) => {
    const answer = await ask('chat.authorize', { callerId, chatId });
    known.set(chatId, answer.members);
    return answer;
  };

  return {
    authorize,
    membersOf: async (callerId, chatId) => {
      const members = known.get(chatId) ?? (await authorize(callerId, chatId)).members;
      if (!members.includes(callerId)) throw new EventRefused('chat_not_found', 'there is no such chat');
      return members;
    },
    remember: (chatId, members) => void known.set(chatId, members),
  };
}
