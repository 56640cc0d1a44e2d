import { DEAD_LETTER_QUEUE } from '@parley/contracts';
import { connect, type ConfirmChannel, type GetMessage } from 'amqplib';
import { TRIED_IN_BATCH } from './consume.ts';

export type DeadLetter = {
  /** AMQP `messageId`: the event's own id. */
  id: string;
  /** The queue it died in, where `replay` puts it back. */
  queue: string;
  /** `rejected`, `delivery_limit`, ... as the broker says. */
  reason: string;
  /** ISO 8601, UTC; null where the broker doesn't say. */
  diedAt: string | null;
  type: string;
  /** The event as it came, JSON or not. */
  content: string;
};

export type DeadLetters = {
  /** All that lie there, oldest first. They stay. */
  list(): Promise<DeadLetter[]>;
  /** Puts those back into the queue they died in, and there only, for five tries more. @returns the ids of those that went */
  replay(which: (letter: DeadLetter) => boolean): Promise<string[]>;
  /** Forgets those for good. @returns their ids */
  drop(which: (letter: DeadLetter) => boolean): Promise<string[]>;
  close(): Promise<void>;
};

/**
 * Opens what lies in `parley.dlq`, for a person to look at. Nothing is lost on the way: a letter is taken away only once the broker has confirmed
 * it in its old queue, and one whose queue is gone stays.
 *
 * @param url `amqp://user:password@host:port/vhost`
 * @throws the connection's error when the broker is away
 */
export async function openDeadLetters(url: string): Promise<DeadLetters> {
  const connection = await connect(url);

  /** Shows each letter to `visit`, which may settle it by acknowledging; the others lie there as before. */
  const visitAll = async (visit: (channel: ConfirmChannel, message: GetMessage) => Promise<void>): Promise<void> => {
    const channel = await connection.createConfirmChannel();
    try {
      const { messageCount } = await channel.checkQueue(DEAD_LETTER_QUEUE);
      for (let seen = 0; seen < messageCount; seen += 1) {
        const message = await channel.get(DEAD_LETTER_QUEUE);
        if (!message) break;
        await visit(channel, message);
      }
    } finally {
      // Gives back whatever was not acknowledged.
      await channel.close();
    }
  };

  return {
    list: async () => {
      const letters: DeadLetter[] = [];
      await visitAll(async (_channel, message) => void letters.push(letterOf(message)));
      return letters;
    },
    replay: async (which) => {
      const replayed: string[] = [];
      await visitAll(async (channel, message) => {
        const letter = letterOf(message);
        if (!which(letter) || !(await putBack(channel, letter.queue, message))) return;
        channel.ack(message);
        replayed.push(letter.id);
      });
      return replayed;
    },
    drop: async (which) => {
      const dropped: string[] = [];
      await visitAll(async (channel, message) => {
        const letter = letterOf(message);
        if (!which(letter)) return;
        channel.ack(message);
        dropped.push(letter.id);
      });
      return dropped;
    },
    close: () => connection.close(),
  };
}

/** @returns false when there is no such queue any more */
async function putBack(channel: ConfirmChannel, queue: string, message: GetMessage): Promise<boolean> {
  let isReturned = false;
  const onReturn = () => (isReturned = true);
  channel.once('return', onReturn);
  const headers = Object.entries(message.properties.headers ?? {}).filter(([name]) => !isOfItsDeath(name));
  channel.sendToQueue(queue, message.content, {
    persistent: true,
    mandatory: true,
    messageId: message.properties.messageId as string,
    contentType: 'application/json',
    headers: Object.fromEntries(headers),
  });
  await channel.waitForConfirms();
  channel.removeListener('return', onReturn);
  return !isReturned;
}

const isOfItsDeath = (header: string): boolean =>
  header.startsWith('x-death') ||
  header.startsWith('x-first-death') ||
  header === 'x-delivery-count' ||
  header === TRIED_IN_BATCH;

function letterOf({ content, properties, fields }: GetMessage): DeadLetter {
  const [death] = (properties.headers?.['x-death'] ?? []) as {
    queue?: string;
    reason?: string;
    time?: { value?: number };
  }[];
  const diedAt = death?.time?.value;
  return {
    id: String(properties.messageId ?? ''),
    queue: death?.queue ?? '',
    reason: death?.reason ?? 'unknown',
    diedAt: diedAt === undefined ? null : new Date(diedAt * 1_000).toISOString(),
    type: typeIn(content) ?? fields.routingKey,
    content: content.toString(),
  };
}

/** An event that was put back alone has its queue's name as its key: what it says of itself comes first. */
function typeIn(content: Buffer): string | undefined {
  try {
    const { type } = JSON.parse(content.toString()) as { type?: unknown };
    return typeof type === 'string' ? type : undefined;
  } catch {
    return undefined;
  }
}
