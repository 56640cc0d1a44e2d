import { HttpProblem } from '@parley/http-server';
import { isMongoAway } from '@parley/mongo';
import type { RpcHandlers, ServeRpcOptions } from '@parley/rabbitmq';
import type { Logger } from '@parley/service-kit';
import type { MessagePresenter } from './features/messages/present-message.ts';
import type { UseCases } from './service.ts';

/** The RPC face of the use cases: what the gateway asks for its sockets. */
export function createCommandHandlers(useCases: UseCases, present: MessagePresenter): RpcHandlers<'chat.commands'> {
  return {
    'chat.authorize': async ({ callerId, chatId }) => {
      const { members, head } = await useCases.authorizeChat(callerId, chatId);
      return { members: [...members], head };
    },
    'chat.present': async ({ callerId, chatId }) => ({ chat: await useCases.readChat(callerId, chatId) }),
    'chat.sendMessage': async ({ callerId, ...input }) => {
      const { message } = await useCases.sendMessage(callerId, input);
      const presented = present.one(message);
      return { message: presented instanceof Promise ? await presented : presented };
    },
    'chat.markDelivered': async ({ callerId, ...input }) => ({ marks: await useCases.markDelivered(callerId, input) }),
    'chat.markSeen': async ({ callerId, ...input }) => ({ marks: await useCases.markSeen(callerId, input) }),
    'chat.heads': async ({ callerId, chatIds }) => ({ heads: await useCases.readHeads(callerId, chatIds) }),
  };
}

/** An error as the gateway gets to know it: a stable code, and nothing of what is unexpected. */
export function createCommandErrorSink(logger: Logger): ServeRpcOptions<'chat.commands'>['onError'] {
  return (error) => {
    if (error instanceof HttpProblem) return { code: error.code, detail: error.message };
    if (isMongoAway(error)) {
      logger.warn({ err: error }, 'command not served: mongodb is away');
      return { code: 'unavailable', detail: 'Try again in a moment.' };
    }
    logger.error({ err: error }, 'command failed');
    return { code: 'internal_error', detail: 'Something went wrong.' };
  };
}
