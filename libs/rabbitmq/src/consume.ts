import type { Rabbit } from './connect-rabbit.ts';
import type { ConsumeOptions, Consumer } from './types.ts';

export function consume(_rabbit: Rabbit, _o: ConsumeOptions): Consumer {
  throw new Error('in the making');
}
