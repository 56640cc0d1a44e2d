import { fieldErrors, type FieldError } from '@parley/contracts';
import type { Request } from 'express';
import { z } from 'zod';
import { HttpProblem } from './http-problem.ts';

/** What a route without a schema for it takes: nothing. */
export const nothing = z.strictObject({});

export type InputSchemas = { body: z.ZodType; query: z.ZodType; params: z.ZodType | undefined };

/**
 * Body, query and path parameters as their schemas read them.
 *
 * @throws HttpProblem `invalid_request` with every refused field; paths of the query and the parameters start with `query.`
 *   and `params.`, those of the body have no prefix; `unsupported_media_type` for a body that is not JSON
 */
export function readInput(req: Request, schemas: InputSchemas): { body: unknown; query: unknown; params: unknown } {
  // Express leaves `body` undefined when there is none, and when it is of a type that no parser took.
  if (req.body === undefined && req.is('*/*') !== null && req.get('content-length') !== '0') {
    throw new HttpProblem('unsupported_media_type', 'The body must be application/json.');
  }
  const refused: FieldError[] = [];
  const read = (schema: z.ZodType, value: unknown, prefix: string): unknown => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const { path, message } of fieldErrors(result.error)) {
      refused.push({ path: [prefix, path].filter((part) => part !== '').join('.'), message });
    }
    return undefined;
  };
  const params = schemas.params ? read(schemas.params, req.params, 'params') : req.params;
  const query = read(schemas.query, req.query, 'query');
  const body = read(schemas.body, req.body ?? {}, '');
  if (refused.length > 0) throw new HttpProblem('invalid_request', 'The request is not valid.', { errors: refused });
  return { body, query, params };
}
