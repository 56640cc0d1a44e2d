import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Jwks } from '@parley/auth-tokens';
import type { RegisteredUser } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import { newUserId } from '@parley/testing';

export type AuthApiStandIn = {
  url: string;
  /** Somebody whom only auth-api knows so far. */
  register(username: string, displayName?: string): RegisteredUser;
  /** Paths asked for since the last call. */
  takeAsked(): string[];
  close(): Promise<void>;
};

/** The edge of auth-api that user-api sees: its keys, and who registered. Apps may not import apps, so not auth-api itself. */
export async function authApiStandIn(jwks: Jwks, port = 0): Promise<AuthApiStandIn> {
  const users = new Map<UserId, RegisteredUser>();
  const asked: string[] = [];
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '', 'http://stand-in');
    const send = (status: number, body: unknown): void =>
      void res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname === '/.well-known/jwks.json') return send(200, jwks);
    asked.push(`${url.pathname}${url.search}`);
    if (!req.headers.authorization?.startsWith('Bearer ')) return send(401, { code: 'unauthorized' });
    const username = url.searchParams.get('username');
    const id = url.pathname.split('/').at(-1) as UserId;
    const user = username ? [...users.values()].find((one) => one.username === username) : users.get(id);
    return user ? send(200, { user }) : send(404, { code: 'user_not_found' });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    register: (username, displayName = username) => {
      const user = { id: newUserId(), username, displayName, createdAt: new Date().toISOString() };
      users.set(user.id, user);
      return user;
    },
    takeAsked: () => asked.splice(0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
