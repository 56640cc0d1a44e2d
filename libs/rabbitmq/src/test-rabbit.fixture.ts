import { connect, type Channel } from 'amqplib';
import { createLogger } from '@parley/service-kit';
import { createTcpProxy, createTestEngines, type TcpProxy, newUserId } from '@parley/testing';
import { connectRabbit, type Rabbit } from './connect-rabbit.ts';
import type { ParleyEvent } from './types.ts';

export type TestRabbit = {
  /** Connected through `proxy`. */
  rabbit: Rabbit;
  /** Of the broker itself, past the proxy. */
  url: string;
  proxy: TcpProxy;
  /** A channel of the test's own, past the proxy. */
  channel: Channel;
  /** One more connection, as another process would have. */
  connectAgain(): Rabbit;
  dispose(): Promise<void>;
};

/** A broker with a virtual host of its own, and a connection that the test can break. */
export async function createTestRabbit(): Promise<TestRabbit> {
  const engines = await createTestEngines({ rabbit: true });
  const target = new URL(engines.rabbitUrl);
  const proxy = await createTcpProxy({ target: { host: target.hostname, port: Number(target.port) } });
  const direct = await connect(engines.rabbitUrl);
  // Disposing drops the virtual host under this connection.
  direct.on('error', () => undefined);
  const channel = await direct.createChannel();
  channel.on('error', () => undefined);
  const proxied = new URL(engines.rabbitUrl);
  proxied.port = String(proxy.port);

  const open: Rabbit[] = [];
  const connectAgain = () => {
    const rabbit = connectRabbit({
      url: proxied.href,
      name: 'spec',
      logger: createLogger({ service: 'spec', level: 'silent' }),
    });
    open.push(rabbit);
    return rabbit;
  };
  return {
    rabbit: connectAgain(),
    url: engines.rabbitUrl,
    proxy,
    channel,
    connectAgain,
    dispose: async () => {
      await Promise.all(open.map((rabbit) => rabbit.close()));
      await direct.close();
      await proxy.close();
      await engines.dispose();
    },
  };
}

let lastEvent = 0;

/** A small event with an id of its own. */
export function blockedEvent(id = `user.blocked:${++lastEvent}`): ParleyEvent {
  return {
    id,
    type: 'user.blocked',
    version: 1,
    at: '2026-01-01T00:00:00.000Z',
    payload: { userId: newUserId(), blockedUserId: newUserId() },
  };
}
