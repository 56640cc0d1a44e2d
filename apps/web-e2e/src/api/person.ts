import type { AuthAnswer, Chat, ClientToServerEvents, Message, ServerToClientEvents } from '@parley/contracts';
import { io, type Socket } from 'socket.io-client';
import { v7 as uuid } from 'uuid';

export type Answer<T = Record<string, unknown>> = { status: number; body: T; headers: Headers };
export type ParleySocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** Plain HTTP as any program would speak it, and no more. */
export async function call<T = Record<string, unknown>>(
  api: string,
  method: string,
  path: string,
  options: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer<T>> {
  const response = await fetch(api + path, {
    method,
    headers: {
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as T, headers: response.headers };
}

/** A registered person who talks to the public entry by HTTP and sockets. */
export class Person {
  readonly api: string;
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly token: string;
  readonly refreshToken: string;
  readonly sockets: ParleySocket[] = [];

  private constructor(api: string, password: string, answer: AuthAnswer) {
    this.api = api;
    this.password = password;
    this.id = answer.user.id;
    this.username = answer.user.username;
    this.token = answer.accessToken;
    this.refreshToken = answer.refreshToken ?? '';
  }

  static async register(api: string, displayName = 'Test Person'): Promise<Person> {
    const name = `p-${uuid().slice(-12)}`;
    const password = `pass phrase ${name}`;
    const answer = await call<AuthAnswer>(api, 'POST', '/api/v1/auth/register', {
      body: { email: `${name}@example.org`, username: name, password, displayName },
      headers: { 'x-token-transport': 'body' },
    });
    if (answer.status !== 201) throw new Error(`register answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return new Person(api, password, answer.body);
  }

  call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    return call<T>(this.api, method, path, { token: this.token, body });
  }

  async chatWith(other: Person): Promise<Chat> {
    const answer = await this.call<{ chat: Chat }>('POST', '/api/v1/chat/new', { userId: other.id });
    if (answer.status >= 300) throw new Error(`new answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body.chat;
  }

  send(chatId: string, text: string, clientMessageId: string = uuid()): Promise<Answer<{ message: Message }>> {
    return this.call('POST', '/api/v1/chat/message', { chatId, clientMessageId, text });
  }

  /** A connected socket of this person, past `ready`. */
  async connect(): Promise<ParleySocket> {
    const socket = openSocket(this.api, { token: this.token });
    this.sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('ready', () => resolve());
      socket.once('connect_error', reject);
    });
    return socket;
  }

  close(): void {
    for (const socket of this.sockets.splice(0)) socket.close();
  }
}

/** A socket as a native client opens it: no Origin unless `headers` has one. */
export function openSocket(
  api: string,
  auth: Record<string, unknown>,
  headers: Record<string, string> = {},
): ParleySocket {
  return io(api, { auth, transports: ['websocket'], forceNew: true, extraHeaders: headers });
}

/** The next push of one kind, within five seconds. */
export function next<E extends keyof ServerToClientEvents>(
  socket: ParleySocket,
  event: E,
): Promise<Parameters<ServerToClientEvents[E]>[0]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event} within 5 s`)), 5_000);
    const listener = (payload: unknown) => {
      clearTimeout(timer);
      resolve(payload as Parameters<ServerToClientEvents[E]>[0]);
    };
    (socket as unknown as Socket).once(event as string, listener);
  });
}

/** An event with its acknowledgement, sent as any client might: nothing about it is typed. */
export function ask(socket: ParleySocket, event: string, ...payload: unknown[]): Promise<Record<string, unknown>> {
  return (socket as unknown as Socket).timeout(5_000).emitWithAck(event, ...payload) as Promise<
    Record<string, unknown>
  >;
}
