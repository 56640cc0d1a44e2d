import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel, ChannelModel } from 'amqplib';
import type { Rabbit } from './connect-rabbit.ts';

const REOPEN_MS = 1_000;
const CLOSE_TIMEOUT_MS = 2_000;

export type ManagedChannel<C extends Channel> = {
  /** The channel, once its setup is done and while it lives. */
  current(): C | undefined;
  /** Resolves when the channel is set up for the first time. */
  ready(): Promise<void>;
  close(): Promise<void>;
};

export type ChannelPlan<C extends Channel> = {
  name: string;
  open(connection: ChannelModel): Promise<C>;
  /** Declares, binds, consumes: runs on every new channel. When it fails, it is tried again on another channel. */
  setup(channel: C): Promise<void>;
  /** The channel is gone, and with it whatever was in flight on it. */
  onLost?(): void;
};

/**
 * A channel that is opened anew whenever its connection comes back, and also when the broker closed just the channel
 * (a deleted queue, a wrong declaration), which amqp-connection-manager's own wrapper would leave dead until the next connection.
 */
export function openManagedChannel<C extends Channel>(rabbit: Rabbit, plan: ChannelPlan<C>): ManagedChannel<C> {
  const logger = rabbit.logger.child({ channel: plan.name });
  let current: C | undefined;
  let opening = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  let settleFirst: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    settleFirst = resolve;
  });

  const lost = (channel: C) => {
    if (current === channel) current = undefined;
    plan.onLost?.();
    reopenLater();
  };

  const reopenLater = () => {
    if (closed) return;
    clearTimeout(retry);
    retry = setTimeout(tryToOpen, REOPEN_MS);
  };

  const open = async (connection: ChannelModel) => {
    const channel = await plan.open(connection);
    let alive = true;
    channel.on('error', (err) => logger.warn({ err }, 'channel failed'));
    channel.on('close', () => {
      alive = false;
      lost(channel);
    });
    try {
      await plan.setup(channel);
    } catch (error) {
      if (alive) await channel.close();
      throw error;
    }
    if (!alive) return;
    if (closed) return channel.close();
    current = channel;
    settleFirst();
  };

  const tryToOpen = () => {
    const connection = rabbit.connection.connection;
    if (closed || opening || current || !connection) return;
    opening = true;
    open(connection)
      .catch((err: unknown) => {
        logger.warn({ err }, 'channel not set up; trying again');
        reopenLater();
      })
      .finally(() => {
        opening = false;
      });
  };

  rabbit.connection.on('connect', tryToOpen);
  tryToOpen();

  return {
    current: () => current,
    ready: () => first,
    close: async () => {
      closed = true;
      clearTimeout(retry);
      rabbit.connection.removeListener('connect', tryToOpen);
      const channel = current;
      current = undefined;
      if (!channel) return;
      const closing = channel.close().catch((err: unknown) => logger.debug({ err }, 'channel was closed already'));
      await Promise.race([closing, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    },
  };
}
