import type { Rabbit } from './connect-rabbit.ts';
import type { CommandQueueName, RpcClient } from './types.ts';

export function createRpcClient<Q extends CommandQueueName>(
  _rabbit: Rabbit,
  _o: { queue: Q; timeoutMs?: number },
): RpcClient<Q> {
  throw new Error('in the making');
}
