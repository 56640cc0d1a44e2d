import { z } from 'zod';
import { pageLimit } from '../primitives.ts';
import { message, seqParameter } from './chats.ts';

/** Neither: the newest `limit` pictures. `before`: the ones just before that seq. `after`: the ones just after it. Not both. */
export const mediaQuery = z
  .strictObject({ before: seqParameter, after: seqParameter, limit: pageLimit })
  .refine((query) => query.before === undefined || query.after === undefined, 'before and after exclude each other');

/** Messages with a picture, the newest first; `hasMore` tells whether there are more in the direction that was asked for. */
export const mediaAnswer = z.object({ messages: z.array(message), hasMore: z.boolean() });
export type MediaAnswer = z.infer<typeof mediaAnswer>;
