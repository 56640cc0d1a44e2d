import type { AmqpConnectionManager } from 'amqp-connection-manager';
import type { Logger } from '@parley/service-kit';
import type { RabbitOptions } from './types.ts';

/** A connection to the broker that comes back by itself. */
export type Rabbit = {
  /** Connected, and the broker takes publications. */
  isUp(): boolean;
  close(): Promise<void>;
  readonly connection: AmqpConnectionManager;
  readonly logger: Logger;
};

export function connectRabbit(_o: RabbitOptions): Rabbit {
  throw new Error('in the making');
}
