export { authenticate } from './authenticate.ts';
export { createHttpApp, type HttpAppOptions } from './create-http-app.ts';
export { HttpProblem } from './http-problem.ts';
export { listen, type Listening } from './listen.ts';
export { reply, type Reply } from './reply.ts';
export { requestIdOf } from './request-id.ts';
export { publicRoute, route, type Caller, type PublicContext, type RouteContext } from './route.ts';
export type { Handler, Router } from 'express';
