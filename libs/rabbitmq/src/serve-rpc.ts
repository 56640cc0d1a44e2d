import {
  commandBatch,
  commandCall,
  commands,
  type CommandCall,
  type CommandName,
  type CommandReply,
} from '@parley/contracts';
import { createBatcher } from '@parley/service-kit';
import type { Channel } from 'amqplib';
import type { Rabbit } from './connect-rabbit.ts';
import { openConsumer, settle } from './open-consumer.ts';
import { CALLS_MAX, GATHER_MS } from './rpc-limits.ts';
import type { CommandQueueName, Consumer, ServeRpcOptions } from './types.ts';

/**
 * The queue outlives a restart of the only instance, so that commands wait for it instead of failing; when the service stays
 * away, the queue goes, and callers learn at once that nobody is there.
 */
const COMMAND_QUEUE_ARGUMENTS = { 'x-expires': 10_000 };

type Handler = (payload: unknown) => Promise<unknown>;
type Outgoing = { channel: Channel; replyTo: string; reply: CommandReply; sent(): void };

/**
 * Serves commands by direct reply-to. The calls of a message run beside each other, and each is answered as soon as it is done, together
 * with what else is done by then. A message is acknowledged after its last answer, so what a crashed instance had in work goes
 * to another: handlers are idempotent. Replies are not confirmed: a lost one is a timeout of its caller, who asks again.
 */
export function serveRpc<Q extends CommandQueueName>(rabbit: Rabbit, o: ServeRpcOptions<Q>): Consumer {
  const handlers = new Map<string, Handler>(Object.entries(o.handlers) as [CommandName, Handler][]);

  const answer = async ({ id, command, payload }: CommandCall): Promise<CommandReply> => {
    const handler = handlers.get(command);
    if (!handler) return refused(id, `no command ${command}`);
    const input = commands[command as CommandName].input.safeParse(payload);
    if (!input.success) return refused(id, `malformed payload of ${command}`);
    try {
      return { id, ok: true, result: await handler(input.data) };
    } catch (error) {
      return { id, ok: false, error: o.onError(error) };
    }
  };

  const replies = createBatcher<Outgoing>({
    run: (batch) => sendReplies(rabbit, batch),
    max: CALLS_MAX,
    everyMs: GATHER_MS,
  });
  const reply = (channel: Channel, replyTo: string, call: CommandReply) =>
    new Promise<void>((sent) => replies.add({ channel, replyTo, reply: call, sent }));

  return openConsumer(rabbit, {
    queue: o.queue,
    open: (connection) => connection.createChannel(),
    prefetch: o.prefetch ?? 50,
    declare: async (channel) => {
      await channel.assertQueue(o.queue, { durable: true, arguments: COMMAND_QUEUE_ARGUMENTS });
    },
    onMessage: async (channel, message) => {
      const { replyTo } = message.properties as { replyTo?: string };
      const calls = parseCalls(message.content);
      await Promise.all(
        calls.map(async (call) => {
          const answered = await answer(call);
          if (replyTo) await reply(channel, replyTo, answered);
        }),
      );
      settle(rabbit, () => channel.ack(message));
    },
  });
}

/** One message for each caller who has answers in this batch. */
function sendReplies(rabbit: Rabbit, batch: Outgoing[]): void {
  const groups: Outgoing[][] = [];
  for (const one of batch) {
    const group = groups.find(([first]) => first?.replyTo === one.replyTo && first.channel === one.channel);
    if (group) group.push(one);
    else groups.push([one]);
  }
  for (const group of groups) {
    const content = Buffer.from(JSON.stringify(group.map(({ reply }) => reply)));
    settle(rabbit, () => group[0]?.channel.publish('', group[0].replyTo, content));
    for (const { sent } of group) sent();
  }
}

/** What of a message are calls. The rest can't be answered, since it has no id. */
function parseCalls(content: Buffer): CommandCall[] {
  try {
    return commandBatch.parse(JSON.parse(content.toString())).flatMap((one) => {
      const call = commandCall.safeParse(one);
      return call.success ? [call.data] : [];
    });
  } catch {
    return [];
  }
}

function refused(id: number, detail: string): CommandReply {
  return { id, ok: false, error: { code: 'invalid_request', detail } };
}
