import { createHttpApp } from '@parley/http-server';
import type { Health, Logger, Metrics } from '@parley/service-kit';
import type { Express } from 'express';
import type { Strategy } from 'passport';
import { blockRoutes } from './features/blocks/block-routes.ts';
import { contactRoutes } from './features/contacts/contact-routes.ts';
import { presenceRoutes } from './features/presence/presence-routes.ts';
import { meRoutes, userRoutes } from './features/profiles/profile-routes.ts';
import { searchRoutes } from './features/search/search-routes.ts';
import type { UseCases } from './use-cases.ts';

export type AppDeps = { useCases: UseCases; strategy: Strategy; logger: Logger; metrics: Metrics; health: Health };

/** The HTTP side of user-api. It never listens. */
export function createApp({ useCases, strategy, ...edge }: AppDeps): Express {
  return createHttpApp({
    service: 'user-api',
    trustProxy: true,
    ...edge,
    strategy,
    routes: (app) => {
      meRoutes(app, useCases);
      searchRoutes(app, useCases.searchUsers, useCases.present);
      contactRoutes(app, useCases);
      blockRoutes(app, useCases);
      presenceRoutes(app, useCases.seePresence);
      userRoutes(app, useCases);
    },
  });
}
