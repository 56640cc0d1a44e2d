import type { BrokerEvent, CommandInput, CommandName, CommandOutput, commands, ErrorCode } from '@parley/contracts';
import type { ExchangeName } from '@parley/contracts';
import type { Health, Logger, Metrics, Shutdown } from '@parley/service-kit';

/** Everything that travels over the topic exchanges, parsed. */
export type ParleyEvent = BrokerEvent;

export type RabbitOptions = {
  /** `amqp://user:password@host:port/vhost` */
  url: string;
  /** Shown in the broker's management pages. */
  name: string;
  logger: Logger;
  metrics?: Metrics;
  /** Gets a check named `rabbitmq`. */
  health?: Health;
  /** Closes the connection last: whoever uses it is added later and so ends earlier. */
  shutdown?: Shutdown;
};

export type Binding = { exchange: ExchangeName; keys: readonly string[] };

/** What else is known of a delivery. A redelivered event may have been handled before: handlers are idempotent. */
export type DeliveryMeta = { redelivered: boolean; messageId: string };

export type EventHandler = (event: ParleyEvent, meta: DeliveryMeta) => Promise<void>;

export type ConsumeOptions = {
  /** `<service>.<purpose>` */
  queue: string;
  bindings: readonly Binding[];
  /** How many events may be in work at once (default 50). */
  prefetch?: number;
  handle: EventHandler;
  /** Milliseconds before a failed event goes back, doubled with every try (default 100). */
  retryDelayMs?: number;
};

export type GatewayQueueOptions = {
  bootId: string;
  bindings: readonly Binding[];
  /** Default 200. */
  prefetch?: number;
  handle: EventHandler;
};

export type Consumer = {
  /** Resolves once the consumer is registered on the broker for the first time. */
  ready(): Promise<void>;
  /** Whether it is registered now. */
  isUp(): boolean;
  /** Takes no more work, finishes what runs, then closes the channel. */
  close(): Promise<void>;
};

export type Publisher = {
  /**
   * Resolves once the broker has the event on disk in every queue it is bound to.
   * @throws PublishError at once while the broker is away or blocked; when no queue is bound; when it isn't confirmed in time
   */
  publish(event: ParleyEvent): Promise<void>;
  /** Waits for what is unconfirmed, then closes the channel. */
  close(): Promise<void>;
};

export type CommandQueueName = (typeof commands)[CommandName]['queue'];
/** The commands that are served on one queue. */
export type CommandsOn<Q extends CommandQueueName> = {
  [C in CommandName]: (typeof commands)[C]['queue'] extends Q ? C : never;
}[CommandName];

export type RpcClient<Q extends CommandQueueName = CommandQueueName> = {
  /**
   * Asks the service behind the queue.
   * @throws RpcError with the server's code, or `unavailable` when nobody can answer (at once where that is known, else after the timeout)
   */
  call<C extends CommandsOn<Q>>(name: C, payload: CommandInput<C>): Promise<CommandOutput<C>>;
  /** Whether a command can be asked now: connected, and its channel open. */
  isUp(): boolean;
  close(): Promise<void>;
};

export type RpcHandlers<Q extends CommandQueueName> = {
  [C in CommandsOn<Q>]: (payload: CommandInput<C>) => Promise<CommandOutput<C>>;
};

export type ServeRpcOptions<Q extends CommandQueueName> = {
  queue: Q;
  /** How many messages, each of up to 50 commands, may be in work at once (default 50). */
  prefetch?: number;
  handlers: RpcHandlers<Q>;
  /** What the caller gets to know of a handler's error; it masks and logs what is unexpected. */
  onError(error: unknown): { code: ErrorCode; detail: string };
};
