import { callHttp } from './http.ts';
import { register, signIn } from './account.ts';

/** People who do over HTTP what nobody does over a socket: sign in, look others up, change what they show. */
export type Visitors = {
  /** What they were answered: `ok`, a code, or `unknown` where no answer came. */
  answers(): ReadonlyMap<string, number>;
  stop(): Promise<void>;
};

/** Each of `people` asks one thing after the other, without a pause. */
export async function startVisitors(base: string, people: number): Promise<Visitors> {
  const answers = new Map<string, number>();
  let isVisiting = true;
  const call = async (...request: Parameters<typeof callHttp>): Promise<void> => {
    const outcome = await callHttp(...request);
    const what = outcome.kind === 'refused' ? `${request[1]} ${request[2]}: ${outcome.code}` : outcome.kind;
    answers.set(what, (answers.get(what) ?? 0) + 1);
  };

  const visit = async (index: number): Promise<void> => {
    const account = await register(base, `visitor-${Date.now().toString(36)}-${index}`);
    const session = await signIn(account, () => base);
    const { username: identifier, password, userId } = account;
    for (let turn = 0; isVisiting; turn += 1) {
      const token = session.token();
      await call(base, 'POST', '/auth/login', { body: { identifier, password } });
      await call(base, 'PATCH', '/users/me', { token, body: { displayName: `Visitor ${turn}` } });
      await call(base, 'GET', `/users/${userId}`, { token });
    }
  };
  const visits = Array.from({ length: people }, (_, index) => visit(index));
  return {
    answers: () => answers,
    stop: async () => {
      isVisiting = false;
      await Promise.all(visits);
    },
  };
}
