import type { CommandInput, CommandName, CommandOutput } from '@parley/contracts';
import type { RpcClient } from '@parley/rabbitmq';
import type { Ask } from './ports.ts';

/** One way to ask any service: by the part of the command's name before the dot. */
export function createAsk(clients: { chat: RpcClient<'chat.commands'>; user: RpcClient<'user.commands'> }): Ask {
  return <C extends CommandName>(name: C, input: CommandInput<C>): Promise<CommandOutput<C>> => {
    const client = (name.startsWith('user.') ? clients.user : clients.chat) as RpcClient;
    return client.call(name, input);
  };
}
