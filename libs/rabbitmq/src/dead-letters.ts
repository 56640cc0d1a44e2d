import { setTimeout as sleep } from 'node:timers/promises';
import { DEAD_LETTER_QUEUE } from '@parley/contracts';
import { connect, type ChannelModel, type ConfirmChannel, type GetMessage } from 'amqplib';
import { TRIED_IN_BATCH } from './consume.ts';

const RETURN_TIMEOUT_MS = 2_000;

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

  /** Shows each letter to `visit`, which says whether it is settled and can go; the others lie there as before. */
  const visitAll = async (visit: (letter: DeadLetter, putBack: () => Promise<boolean>) => Promise<boolean>) => {
    const channel = await connection.createConfirmChannel();
    let kept = 0;
    for (;;) {
      const message = await channel.get(DEAD_LETTER_QUEUE);
      if (!message) break;
      const letter = letterOf(message);
      if (await visit(letter, () => putBack(channel, letter.queue, message))) channel.ack(message);
      else kept += 1;
    }
    // Gives back whatever was not acknowledged. A quorum queue takes a moment for that, in which it looks empty to who comes next.
    await channel.close();
    await untilThere(connection, kept);
  };

  return {
    list: async () => {
      const letters: DeadLetter[] = [];
      await visitAll(async (letter) => {
        letters.push(letter);
        return false;
      });
      return letters;
    },
    replay: async (which) => {
      const replayed: string[] = [];
      await visitAll(async (letter, goBack) => {
        if (!which(letter) || !(await goBack())) return false;
        replayed.push(letter.id);
        return true;
      });
      return replayed;
    },
    drop: async (which) => {
      const dropped: string[] = [];
      await visitAll(async (letter) => {
        if (!which(letter)) return false;
        dropped.push(letter.id);
        return true;
      });
      return dropped;
    },
    close: () => connection.close(),
  };
}

/** Waits until so many letters can be had again, but not long: somebody else may have taken them. */
async function untilThere(connection: ChannelModel, letters: number): Promise<void> {
  const channel = await connection.createChannel();
  const deadline = performance.now() + RETURN_TIMEOUT_MS;
  while ((await channel.checkQueue(DEAD_LETTER_QUEUE)).messageCount < letters && performance.now() < deadline) {
    await sleep(20);
  }
  await channel.close();
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
