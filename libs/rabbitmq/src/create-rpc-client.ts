import { commandCall, commandReplies, commands, type CommandCall, type CommandName } from '@parley/contracts';
import { createBatcher } from '@parley/service-kit';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Rabbit } from './connect-rabbit.ts';
import { RpcError } from './errors.ts';
import { openManagedChannel } from './managed-channel.ts';
import { CALLS_MAX, GATHER_MS } from './rpc-limits.ts';
import type { CommandQueueName, RpcClient } from './types.ts';

const DIRECT_REPLY_TO = 'amq.rabbitmq.reply-to';
const CALL_TIMEOUT_MS = 5_000;
const MAX_PENDING = 10_000;

type Pending = { resolve(result: unknown): void; reject(error: RpcError): void };

/**
 * Asks commands of the service behind one queue, answered by RabbitMQ's direct reply-to. Calls that come close together share one message.
 *
 * `unavailable` comes at once when the broker is away, when nobody serves the queue (the commands are returned) and, for calls in
 * flight, when the connection drops. A command whose caller has given up expires in the queue: it isn't run long afterwards.
 */
export function createRpcClient<Q extends CommandQueueName>(
  rabbit: Rabbit,
  o: { queue: Q; timeoutMs?: number },
): RpcClient<Q> {
  const timeoutMs = o.timeoutMs ?? CALL_TIMEOUT_MS;
  const pending = new Map<number, Pending>();
  let lastId = 0;

  const take = (id: number): Pending | undefined => {
    const call = pending.get(id);
    pending.delete(id);
    return call;
  };
  const rejectAll = (ids: Iterable<number>, detail: string): void => {
    for (const id of [...ids]) take(id)?.reject(new RpcError('unavailable', detail));
  };

  const managed = openManagedChannel<Channel>(rabbit, {
    name: `call ${o.queue}`,
    open: (connection) => connection.createChannel(),
    setup: async (channel) => {
      channel.on('return', (message) => rejectAll(idsIn(message.content), `nobody serves ${o.queue}`));
      await channel.consume(DIRECT_REPLY_TO, (message) => message && settleAll(message), { noAck: true });
    },
    onLost: () => rejectAll(pending.keys(), 'connection to RabbitMQ lost'),
  });

  const settleAll = (message: ConsumeMessage): void => {
    const replies = commandReplies.safeParse(parseJson(message.content));
    if (!replies.success) return rabbit.logger.error({ err: replies.error }, 'an answer was no reply');
    for (const reply of replies.data) {
      const call = take(reply.id);
      if (reply.ok) call?.resolve(reply.result);
      else call?.reject(new RpcError(reply.error.code, reply.error.detail));
    }
  };

  const publish = (calls: CommandCall[]): void => {
    const channel = managed.current();
    try {
      if (!channel) throw new Error('RabbitMQ is away');
      channel.publish('', o.queue, Buffer.from(JSON.stringify(calls)), {
        replyTo: DIRECT_REPLY_TO,
        mandatory: true,
        expiration: String(timeoutMs),
        contentType: 'application/json',
      });
    } catch (error) {
      rejectAll(
        calls.map(({ id }) => id),
        error instanceof Error ? error.message : String(error),
      );
    }
  };
  const outgoing = createBatcher<CommandCall>({ run: publish, max: CALLS_MAX, everyMs: GATHER_MS });

  const ask = (name: CommandName, payload: unknown) =>
    new Promise<unknown>((resolve, reject) => {
      if (!managed.current() || rabbit.isBlocked()) return reject(new RpcError('unavailable', 'RabbitMQ is away'));
      if (pending.size >= MAX_PENDING) return reject(new RpcError('unavailable', 'too many commands are waiting'));

      const id = ++lastId;
      const timer = setTimeout(() => rejectAll([id], `${name} was not answered in ${timeoutMs} ms`), timeoutMs);
      pending.set(id, {
        resolve: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      outgoing.add({ id, command: name, payload });
    });

  return {
    call: async (name, payload) => {
      try {
        const result = commands[name].output.safeParse(await ask(name, payload));
        if (!result.success) throw new RpcError('internal_error', 'the answer was no reply');
        rabbit.counters.called(name, 'ok');
        // The schema of this very command made it; TypeScript can't follow the index.
        return result.data as never;
      } catch (error) {
        rabbit.counters.called(name, error instanceof RpcError ? error.code : 'internal_error');
        throw error;
      }
    },
    isUp: () => managed.current() !== undefined && !rabbit.isBlocked(),
    close: () => managed.close(),
  };
}

function parseJson(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString());
  } catch {
    return undefined;
  }
}

/** Which calls a returned message carried: our own, so well-formed. */
function idsIn(content: Buffer): number[] {
  return commandCall
    .array()
    .parse(parseJson(content))
    .map(({ id }) => id);
}
