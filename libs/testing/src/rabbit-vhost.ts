/** A virtual host of its own: exchanges and queues of two spec files never meet. */
export type RabbitVhost = { url: string; drop(): Promise<void> };

/**
 * Creates a virtual host over RabbitMQ's management API and lets the URL's user do everything in it.
 *
 * @param o.url AMQP URL of the broker, whose path (if any) is replaced
 * @throws when the broker's management plugin does not answer
 */
export async function createRabbitVhost(o: { url: string; managementUrl: string; name: string }): Promise<RabbitVhost> {
  const amqp = new URL(o.url);
  const user = amqp.username || 'guest';
  const call = managementClient(
    o.managementUrl,
    decodeURIComponent(user),
    decodeURIComponent(amqp.password || 'guest'),
  );
  const vhost = `/api/vhosts/${encodeURIComponent(o.name)}`;

  await call('PUT', vhost);
  await call('PUT', `/api/permissions/${encodeURIComponent(o.name)}/${user}`, {
    configure: '.*',
    write: '.*',
    read: '.*',
  });
  amqp.pathname = `/${encodeURIComponent(o.name)}`;
  return { url: amqp.href, drop: () => call('DELETE', vhost) };
}

function managementClient(baseUrl: string, user: string, password: string) {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return async (method: 'PUT' | 'DELETE', path: string, body?: object): Promise<void> => {
    const answer = await fetch(baseUrl.replace(/\/$/, '') + path, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(20_000),
    });
    if (!answer.ok && !(method === 'DELETE' && answer.status === 404)) {
      throw new Error(`RabbitMQ management: ${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    }
  };
}
