import { createAccessTokenStrategy, verifyAccessToken } from '@parley/auth-tokens';
import type { SessionId, UserId } from '@parley/domain';
import { createHttpApp } from '@parley/http-server';
import type { OutboxRelay } from '@parley/mongo';
import type { SessionStore } from '@parley/redis';
import type { Clock, Health, Logger, Metrics } from '@parley/service-kit';
import type { Express } from 'express';
import type { Collection } from 'mongodb';
import { createFindUser } from './features/accounts/find-user.ts';
import type { PasswordHasher } from './features/accounts/password-hasher.ts';
import { createRegister } from './features/accounts/register.ts';
import { createSignIn } from './features/accounts/sign-in.ts';
import type { Throttle } from './features/accounts/throttle.ts';
import type { UserDocument } from './features/accounts/user-document.ts';
import type { SigningKey } from './features/keys/signing-key.ts';
import { createLogOut } from './features/sessions/log-out.ts';
import { createRefresh } from './features/sessions/refresh.ts';
import { createRefreshTransport } from './features/sessions/refresh-transport.ts';
import { createRevokeSession } from './features/sessions/revoke-session.ts';
import type { SessionDocument } from './features/sessions/session-document.ts';
import { createStartSession } from './features/sessions/start-session.ts';
import { authRoutes } from './routes/auth-routes.ts';
import { internalRoutes } from './routes/internal-routes.ts';

export type AppDeps = {
  logger: Logger;
  metrics: Metrics;
  health: Health;
  clock: Clock;
  newUserId: () => UserId;
  newSessionId: () => SessionId;
  users: Collection<UserDocument>;
  sessions: Collection<SessionDocument>;
  userRelay: OutboxRelay<UserDocument>;
  sessionRelay: OutboxRelay<SessionDocument>;
  sessionStore: SessionStore;
  signingKey: SigningKey;
  passwords: PasswordHasher;
  throttle: Throttle;
  issuer: string;
  audience: string;
  publicOrigins: readonly string[];
  isProduction: boolean;
};

/** The service as an Express app that does not listen. */
export function createApp(deps: AppDeps): Express {
  const { signingKey, users, sessions, sessionStore, clock } = deps;
  const access = { keys: signingKey.keys, issuer: deps.issuer, audience: deps.audience };
  const revokeSession = createRevokeSession({ sessions, sessionStore, relay: deps.sessionRelay, clock });

  return createHttpApp({
    service: 'auth-api',
    logger: deps.logger,
    metrics: deps.metrics,
    health: deps.health,
    strategy: createAccessTokenStrategy({ ...access, isSessionLive: sessionStore.isLive }),
    trustProxy: true,
    routes: (router) => {
      authRoutes(router, {
        users,
        signingKey,
        publicOrigins: deps.publicOrigins,
        transport: createRefreshTransport(deps),
        register: createRegister({ ...deps, relay: deps.userRelay }),
        signIn: createSignIn(deps),
        startSession: createStartSession(deps),
        refresh: createRefresh({ sessions, sessionStore, revokeSession, clock }),
        logOut: createLogOut({ verify: verifyAccessToken(access), revokeSession }),
      });
      internalRoutes(router, { findUser: createFindUser(users) });
    },
  });
}
