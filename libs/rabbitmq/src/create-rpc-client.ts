import { commandReply, commands, type CommandName } from '@parley/contracts';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Rabbit } from './connect-rabbit.ts';
import { RpcError } from './errors.ts';
import { openManagedChannel } from './managed-channel.ts';
import type { CommandQueueName, RpcClient } from './types.ts';

const DIRECT_REPLY_TO = 'amq.rabbitmq.reply-to';
const CALL_TIMEOUT_MS = 5_000;
const MAX_PENDING = 10_000;

type Pending = { resolve(result: unknown): void; reject(error: RpcError): void };

/**
 * Asks commands of the service behind one queue, answered by RabbitMQ's direct reply-to.
 *
 * `unavailable` comes at once when the broker is away, when nobody serves the queue (the command is returned) and, for calls in
 * flight, when the connection drops. A command whose caller has given up expires in the queue: it isn't run long afterwards.
 */
export function createRpcClient<Q extends CommandQueueName>(
  rabbit: Rabbit,
  o: { queue: Q; timeoutMs?: number },
): RpcClient<Q> {
  const timeoutMs = o.timeoutMs ?? CALL_TIMEOUT_MS;
  const pending = new Map<string, Pending>();
  let lastId = 0;

  const take = (id: unknown): Pending | undefined => {
    const call = pending.get(String(id));
    pending.delete(String(id));
    return call;
  };

  const managed = openManagedChannel<Channel>(rabbit, {
    name: `call ${o.queue}`,
    open: (connection) => connection.createChannel(),
    setup: async (channel) => {
      channel.on('return', (message) =>
        take(message.properties.correlationId)?.reject(new RpcError('unavailable', `nobody serves ${o.queue}`)),
      );
      await channel.consume(
        DIRECT_REPLY_TO,
        (message) => {
          const call = message && take(message.properties.correlationId);
          if (call) settleWith(call, message);
        },
        { noAck: true },
      );
    },
    onLost: () => {
      for (const id of [...pending.keys()])
        take(id)?.reject(new RpcError('unavailable', 'connection to RabbitMQ lost'));
    },
  });

  const ask = (name: CommandName, payload: unknown) =>
    new Promise<unknown>((resolve, reject) => {
      const channel = managed.current();
      if (!channel || rabbit.isBlocked()) return reject(new RpcError('unavailable', 'RabbitMQ is away'));
      if (pending.size >= MAX_PENDING) return reject(new RpcError('unavailable', 'too many commands are waiting'));

      const correlationId = String(++lastId);
      const timer = setTimeout(
        () => take(correlationId)?.reject(new RpcError('unavailable', `${name} was not answered in ${timeoutMs} ms`)),
        timeoutMs,
      );
      pending.set(correlationId, {
        resolve: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      try {
        channel.publish('', o.queue, Buffer.from(JSON.stringify(payload)), {
          type: name,
          replyTo: DIRECT_REPLY_TO,
          correlationId,
          mandatory: true,
          expiration: String(timeoutMs),
          contentType: 'application/json',
        });
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        take(correlationId)?.reject(new RpcError('unavailable', detail));
      }
    });

  return {
    call: async (name, payload) => {
      try {
        const result = commands[name].output.parse(await ask(name, payload));
        rabbit.counters.called(name, 'ok');
        // The schema of this very command made it; TypeScript can't follow the index.
        return result as never;
      } catch (error) {
        rabbit.counters.called(name, error instanceof RpcError ? error.code : 'internal_error');
        throw error;
      }
    },
    close: () => managed.close(),
  };
}

function settleWith(call: Pending, message: ConsumeMessage): void {
  try {
    const reply = commandReply.parse(JSON.parse(message.content.toString()));
    if (reply.ok) call.resolve(reply.result);
    else call.reject(new RpcError(reply.error.code, reply.error.detail));
  } catch {
    call.reject(new RpcError('internal_error', 'the answer was no reply'));
  }
}
