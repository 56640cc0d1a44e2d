import type { sessionId, userId } from '@parley/contracts';
import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import { authenticate } from './authenticate.ts';
import { nothing, readInput } from './read-input.ts';
import { asReply } from './reply.ts';
import { strategyOf } from './strategy-of.ts';

/** Who sends an authenticated request: the claims of the access token. */
export type Caller = { sub: z.output<typeof userId>; sid: z.output<typeof sessionId>; iat: number; exp: number };

export type PublicContext<B, Q, P> = { body: B; query: Q; params: P; req: Request; res: Response };
export type RouteContext<B, Q, P> = PublicContext<B, Q, P> & { caller: Caller };

type Nothing = typeof nothing;
/** The parameters of the path as they stand in it, when a route has no schema for them. */
type RawParams = z.ZodType<Request['params']>;

type RouteOptions<B extends z.ZodType, Q extends z.ZodType, P extends z.ZodType, Context> = {
  /** Without one only an empty body or `{}` is taken. */
  body?: B;
  /** Without one no query parameter is taken. */
  query?: Q;
  params?: P;
  /** Of an answer with a body; default 200. */
  status?: number;
  /**
   * The use case. Its result goes out as JSON, undefined as 204, and `reply(status, body)` as it says; it may throw
   * an `HttpProblem`.
   */
  handle(context: Context): Promise<unknown>;
};

/** A route that anybody may call. Input that the schemas refuse is answered 400 `invalid_request` before `handle` sees it. */
export function publicRoute<
  B extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  P extends z.ZodType = RawParams,
>(o: RouteOptions<B, Q, P, PublicContext<z.output<B>, z.output<Q>, z.output<P>>>): RequestHandler {
  const schemas = { body: o.body ?? nothing, query: o.query ?? nothing, params: o.params };
  return async (req, res) => {
    const input = readInput(req, schemas) as { body: z.output<B>; query: z.output<Q>; params: z.output<P> };
    const result = await o.handle({ ...input, req, res });
    if (res.headersSent) return;
    const { status, body } = asReply(result, o.status ?? 200);
    if (body === undefined) res.status(status).end();
    else res.status(status).json(body);
  };
}

/**
 * A route for those whom the app's strategy knows: `context.caller`. The token is looked at before the input, so a stranger
 * learns nothing from how input is refused.
 */
export function route<B extends z.ZodType = Nothing, Q extends z.ZodType = Nothing, P extends z.ZodType = RawParams>(
  o: RouteOptions<B, Q, P, RouteContext<z.output<B>, z.output<Q>, z.output<P>>>,
): RequestHandler {
  const open = publicRoute<B, Q, P>({
    ...o,
    handle: (context) => o.handle({ ...context, caller: context.req.user as Caller }),
  });
  return (req, res, next) => {
    authenticate(strategyOf(req.app))(req, res, (error?: unknown) => {
      if (error !== undefined) next(error);
      else Promise.resolve(open(req, res, next)).catch(next);
    });
  };
}
