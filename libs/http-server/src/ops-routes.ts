import type { Health, Metrics } from '@parley/service-kit';
import { Router } from 'express';

/** Liveness (the process answers), readiness (its engines do) and metrics. For the platform, not for the public entry. */
export function opsRoutes(o: { health: Health; metrics: Metrics }): Router {
  const router = Router();
  router.get('/health/live', (_req, res) => {
    res.json({ status: 'live' });
  });
  router.get('/health/ready', async (_req, res) => {
    const { ok, checks } = await o.health.ready();
    res.status(ok ? 200 : 503).json({ status: ok ? 'ready' : 'not ready', checks });
  });
  router.get('/metrics', async (_req, res) => {
    res.type(o.metrics.registry.contentType).send(await o.metrics.registry.metrics());
  });
  return router;
}
