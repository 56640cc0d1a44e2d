import { loginBody, refreshBody, registerBody, type AuthAnswer } from '@parley/contracts';
import { HttpProblem, publicRoute, type Router } from '@parley/http-server';
import type { SessionId } from '@parley/domain';
import type { Request, RequestHandler, Response } from 'express';
import type { Collection } from 'mongodb';
import { clientOf } from '../features/accounts/client-of.ts';
import { GateFullError } from '../features/accounts/gate.ts';
import type { createRegister } from '../features/accounts/register.ts';
import type { createSignIn } from '../features/accounts/sign-in.ts';
import { presentAccount, type UserDocument } from '../features/accounts/user-document.ts';
import type { SigningKey } from '../features/keys/signing-key.ts';
import type { createLogOut } from '../features/sessions/log-out.ts';
import type { createRefresh } from '../features/sessions/refresh.ts';
import type { RefreshTransport } from '../features/sessions/refresh-transport.ts';
import { refuseForeignOrigin } from '../features/sessions/refuse-foreign-origin.ts';
import type { createStartSession } from '../features/sessions/start-session.ts';

export type AuthRoutesDeps = {
  users: Collection<UserDocument>;
  signingKey: SigningKey;
  publicOrigins: readonly string[];
  transport: RefreshTransport;
  register: ReturnType<typeof createRegister>;
  signIn: ReturnType<typeof createSignIn>;
  startSession: ReturnType<typeof createStartSession>;
  refresh: ReturnType<typeof createRefresh>;
  logOut: ReturnType<typeof createLogOut>;
};

const BEARER = /^Bearer (\S+)$/i;
const JWKS_MAX_AGE_SECONDS = 300;

export function authRoutes(router: Router, deps: AuthRoutesDeps): void {
  const { transport } = deps;
  const fromOwnPages = refuseForeignOrigin(deps.publicOrigins);
  const post = (path: string, handler: RequestHandler) => router.post(`/api/v1/auth/${path}`, fromOwnPages, handler);

  const answer = async (
    { req, res }: { req: Request; res: Response },
    user: UserDocument,
    session: { sid: SessionId; refreshToken: string },
  ): Promise<AuthAnswer> => ({
    user: presentAccount(user),
    ...(await deps.signingKey.issuer().issue(user._id, session.sid)),
    ...transport.give(req, res, session.refreshToken),
  });

  const enter = async (http: { req: Request; res: Response }, prove: (network: string) => Promise<UserDocument>) => {
    // Before anything is written: without a key there would be an account or a session, and no answer.
    deps.signingKey.issuer();
    const client = clientOf(http.req);
    const user = await prove(client.network).catch(refuseWhenFull);
    return answer(http, user, await deps.startSession(user._id, client));
  };

  post(
    'register',
    publicRoute({
      body: registerBody,
      status: 201,
      handle: ({ body, ...http }) => enter(http, (network) => deps.register(body, network)),
    }),
  );
  post(
    'login',
    publicRoute({
      body: loginBody,
      handle: ({ body, ...http }) => enter(http, (network) => deps.signIn(body, network)),
    }),
  );
  post(
    'refresh',
    publicRoute({
      body: refreshBody,
      handle: async ({ body, ...http }) => {
        deps.signingKey.issuer();
        try {
          const session = await deps.refresh(transport.read(http.req, body), clientOf(http.req));
          const user = await deps.users.findOne({ _id: session.userId });
          if (!user) throw new HttpProblem('refresh_invalid');
          return await answer(http, user, session);
        } catch (error) {
          if (error instanceof HttpProblem && error.status === 401) transport.clear(http.req, http.res);
          throw error;
        }
      },
    }),
  );
  post(
    'logout',
    publicRoute({
      body: refreshBody,
      handle: async ({ body, req, res }) => {
        transport.clear(req, res);
        const accessToken = BEARER.exec(req.get('authorization') ?? '')?.[1];
        await deps.logOut({ refreshToken: transport.read(req, body), accessToken });
      },
    }),
  );
  router.get(
    '/.well-known/jwks.json',
    publicRoute({
      handle: async ({ res }) => {
        const jwks = deps.signingKey.issuer().jwks();
        res.setHeader('Cache-Control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`);
        return jwks;
      },
    }),
  );
}

function refuseWhenFull(error: unknown): never {
  if (!(error instanceof GateFullError)) throw error;
  throw new HttpProblem('unavailable', 'Too many people are signing in. Please try again.', { retryAfterSeconds: 2 });
}
