import type { Stack } from './stack.ts';

/** Two people to look around with. Never made in production. */
const PASSWORD = 'let-us-parley';
const PEOPLE = [
  { username: 'ada', displayName: 'Ada Lovelace', email: 'ada@parley.local' },
  { username: 'grace', displayName: 'Grace Hopper', email: 'grace@parley.local' },
] as const;

/** Fixed ids: however often this is interrupted and begun again, each message is there once. */
const CONVERSATION = [
  { from: 0, id: '0a5c7a52-6a0f-4c1e-9d6b-5f0d6a1c0001', text: 'Hello Grace! Is this thing on?' },
  {
    from: 1,
    id: '0a5c7a52-6a0f-4c1e-9d6b-5f0d6a1c0002',
    text: 'It is. Every message here is on disk before you see the tick.',
  },
  { from: 0, id: '0a5c7a52-6a0f-4c1e-9d6b-5f0d6a1c0003', text: 'Even if somebody pulls the plug?' },
  { from: 1, id: '0a5c7a52-6a0f-4c1e-9d6b-5f0d6a1c0004', text: 'Especially then. Open a second browser and try.' },
] as const;

type Person = { token: string; id: string; isNew: boolean };

/**
 * Registers the demo people through the public API, with a first conversation between them.
 * @returns lines that say how to sign in, or why there is nobody to sign in as
 */
export async function addDemoPeople(stack: Stack): Promise<string[]> {
  try {
    const [ada, grace] = await Promise.all(PEOPLE.map((person) => registerOrLogin(stack.urls.api, person)));
    if (ada && grace && (ada.isNew || grace.isNew)) await converse(stack.urls.api, [ada, grace]);
  } catch (error) {
    return [`  Demo       could not be made: ${error instanceof Error ? error.message : String(error)}`];
  }
  return [`  Demo       sign in as ada or grace, password ${PASSWORD}`];
}

async function registerOrLogin(api: string, person: (typeof PEOPLE)[number]): Promise<Person> {
  const registered = await call(api, 'POST', '/auth/register', { ...person, password: PASSWORD });
  const answer = registered.status === 409 ? await login(api, person.username) : registered;
  const { accessToken, user } = expectOk(answer) as { accessToken: string; user: { id: string } };
  return { token: accessToken, id: user.id, isNew: answer === registered };
}

const login = (api: string, identifier: string): Promise<Answer> =>
  call(api, 'POST', '/auth/login', { identifier, password: PASSWORD });

async function converse(api: string, people: readonly [Person, Person]): Promise<void> {
  const [ada, grace] = people;
  const opened = await call(api, 'POST', '/chat/new', { userId: grace.id }, ada.token);
  const { chat } = expectOk(opened) as { chat: { id: string } };
  for (const { from, id, text } of CONVERSATION) {
    const body = { chatId: chat.id, clientMessageId: id, text };
    expectOk(await call(api, 'POST', '/chat/message', body, people[from].token));
  }
  for (const [person, seq] of [
    [ada, CONVERSATION.length - 1],
    [grace, CONVERSATION.length],
  ] as const) {
    expectOk(await call(api, 'POST', '/chat/seen', { chatId: chat.id, seq }, person.token));
  }
}

type Answer = { what: string; status: number; body: unknown };

async function call(api: string, method: string, path: string, body: object, token?: string): Promise<Answer> {
  const answer = await fetch(`${api}/api/v1${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      'x-token-transport': 'body',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  return { what: `${method} ${path}`, status: answer.status, body: answer.status === 204 ? {} : await answer.json() };
}

function expectOk({ what, status, body }: Answer): unknown {
  if (status >= 300) throw new Error(`${what} answered ${status} ${(body as { code?: string }).code ?? ''}`);
  return body;
}
