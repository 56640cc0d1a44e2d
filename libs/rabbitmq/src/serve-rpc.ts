import type { Rabbit } from './connect-rabbit.ts';
import type { CommandQueueName, Consumer, ServeRpcOptions } from './types.ts';

export function serveRpc<Q extends CommandQueueName>(_rabbit: Rabbit, _o: ServeRpcOptions<Q>): Consumer {
  throw new Error('in the making');
}
