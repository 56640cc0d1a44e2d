import { commands, type CommandName, type CommandReply } from '@parley/contracts';
import type { ConsumeMessage } from 'amqplib';
import type { Rabbit } from './connect-rabbit.ts';
import { openConsumer, settle } from './open-consumer.ts';
import type { CommandQueueName, Consumer, ServeRpcOptions } from './types.ts';

/**
 * The queue outlives a restart of the only instance, so that commands wait for it instead of failing; when the service stays
 * away, the queue goes, and callers learn at once that nobody is there.
 */
const COMMAND_QUEUE_ARGUMENTS = { 'x-expires': 10_000 };

type AnyHandler = (payload: unknown) => Promise<unknown>;

/**
 * Serves commands by direct reply-to. A command is acknowledged after its answer, so what a crashed instance had in work goes
 * to another: handlers are idempotent. Replies are not confirmed: a lost one is a timeout of its caller, who asks again.
 */
export function serveRpc<Q extends CommandQueueName>(rabbit: Rabbit, o: ServeRpcOptions<Q>): Consumer {
  const handlers = new Map<string, AnyHandler>(Object.entries(o.handlers) as [CommandName, AnyHandler][]);

  const answer = async (message: ConsumeMessage): Promise<CommandReply> => {
    const name = String(message.properties.type);
    const handler = handlers.get(name);
    if (!handler) return refused(`no command ${name}`);
    const input = parseInput(name as CommandName, message.content);
    if (!input) return refused(`malformed payload of ${name}`);
    try {
      return { ok: true, result: await handler(input.payload) };
    } catch (error) {
      return { ok: false, error: o.onError(error) };
    }
  };

  return openConsumer(rabbit, {
    queue: o.queue,
    prefetch: o.prefetch ?? 100,
    declare: async (channel) => {
      await channel.assertQueue(o.queue, { durable: true, arguments: COMMAND_QUEUE_ARGUMENTS });
    },
    onMessage: async (channel, message) => {
      const reply = await answer(message);
      const { replyTo, correlationId } = message.properties as { replyTo?: string; correlationId?: string };
      settle(rabbit, () => {
        if (replyTo) channel.publish('', replyTo, Buffer.from(JSON.stringify(reply)), { correlationId });
        channel.ack(message);
      });
    },
  });
}

function parseInput(name: CommandName, content: Buffer): { payload: unknown } | undefined {
  try {
    return { payload: commands[name].input.parse(JSON.parse(content.toString())) };
  } catch {
    return undefined;
  }
}

function refused(detail: string): CommandReply {
  return { ok: false, error: { code: 'invalid_request', detail } };
}
