import type { ChatId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import { z } from 'zod';

/** Where a search stopped: in which chat, when that was last active (ms), and before which seq it goes on there; 0: with the next chat. */
const position = z.tuple([z.number().int(), z.guid(), z.number().int().min(0)]);
export type SearchPosition = { at: number; chatId: ChatId; before: number };

export function encodeSearchCursor({ at, chatId, before }: SearchPosition): string {
  return Buffer.from(JSON.stringify([at, chatId, before])).toString('base64url');
}

/** @throws HttpProblem invalid_request for a cursor that no page gave */
export function decodeSearchCursor(cursor: string): SearchPosition {
  try {
    const [at, chatId, before] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { at, chatId: chatId as ChatId, before };
  } catch {
    throw new HttpProblem('invalid_request', 'The request is not valid.', {
      errors: [{ path: 'query.cursor', message: 'is not a cursor of this search' }],
    });
  }
}
