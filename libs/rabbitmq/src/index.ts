export { connectRabbit, type Rabbit } from './connect-rabbit.ts';
export { consume } from './consume.ts';
export { consumeGatewayQueue } from './consume-gateway-queue.ts';
export { createPublisher } from './create-publisher.ts';
export { createRpcClient } from './create-rpc-client.ts';
export { openDeadLetters, type DeadLetter, type DeadLetters } from './dead-letters.ts';
export { PublishError, RpcError, type PublishFailure } from './errors.ts';
export { serveRpc } from './serve-rpc.ts';
export type {
  Binding,
  CommandQueueName,
  CommandsOn,
  ConsumeOptions,
  Consumer,
  DeliveryMeta,
  EventHandler,
  GatewayQueueOptions,
  ParleyEvent,
  Publisher,
  RabbitOptions,
  RpcClient,
  RpcHandlers,
  ServeRpcOptions,
} from './types.ts';
export { watchDeadLetters } from './watch-dead-letters.ts';
