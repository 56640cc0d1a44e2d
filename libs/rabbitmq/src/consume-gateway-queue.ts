import type { Rabbit } from './connect-rabbit.ts';
import type { Consumer, GatewayQueueOptions } from './types.ts';

export function consumeGatewayQueue(_rabbit: Rabbit, _o: GatewayQueueOptions): Consumer {
  throw new Error('in the making');
}
