import type { ExchangeName } from '@parley/contracts';
import type { Rabbit } from './connect-rabbit.ts';
import type { Publisher } from './types.ts';

export function createPublisher(_rabbit: Rabbit, _o: { exchange: ExchangeName; timeoutMs?: number }): Publisher {
  throw new Error('in the making');
}
